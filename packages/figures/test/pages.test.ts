import { describe, expect, test } from 'vitest'
import { drawScene, type Mark, renderSvg, type SceneContext, stepChart, vectorsChart } from '../src/index.ts'

const room = { width: 400, height: 240, fontSize: 13 }
const steps = Array.from({ length: 101 }, (_, step) => step)
const charted = stepChart(
  room,
  {
    series: [
      {
        name: 'LaPerm',
        look: { ink: 'hue2', width: 2 },
        steps,
        values: steps.map((step) => (step === 30 ? Number.NaN : step / 100)),
        isSynchronized: true,
      },
      { name: 'Adam', look: { ink: 'hue1', width: 2, dash: 'dashed' }, steps: [0, 100], values: [1, 0.5] },
    ],
    syncSteps: [50],
    lastStep: 100,
  },
  { title: 'Accuracy', scale: 'linear', chosen: 80 },
)
const kindOf = (marks: readonly Mark[], kind: Mark['kind']) => marks.filter((mark) => mark.kind === kind)

/** What is asked of a canvas, call by call. */
const makeRecorder = () => {
  const calls: string[] = []
  const note =
    (name: string) =>
    (...words: readonly unknown[]) =>
      calls.push(`${name} ${words.join(' ')}`)
  const context: SceneContext = {
    fillStyle: '',
    strokeStyle: '',
    globalAlpha: 1,
    lineWidth: 1,
    lineCap: 'butt',
    lineJoin: 'miter',
    font: '',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    setLineDash: note('dash'),
    beginPath: note('begin'),
    closePath: note('close'),
    moveTo: note('move'),
    lineTo: note('line'),
    arc: note('arc'),
    fill: () => calls.push(`fill ${context.fillStyle}`),
    stroke: () => calls.push(`stroke ${context.strokeStyle}`),
    fillText: (text) => calls.push(`text ${text} ${context.fillStyle}`),
    strokeText: (text) => calls.push(`halo ${text} ${context.strokeStyle}`),
  }
  return { context, calls }
}

describe('a chart by step', () => {
  const { scene, plot } = charted
  test('has its lines where the plot says, broken where a value is no number', () => {
    const own = kindOf(scene.marks, 'line').flatMap((mark) =>
      mark.kind === 'line' && mark.ink === 'hue2' && mark.width === 2 ? [mark.points] : [],
    )
    expect(own).toHaveLength(2)
    const [[firstX, firstY]] = own[0]
    expect([firstX, firstY]).toEqual([plot.x(0), plot.y(0)])
    expect(own[1].at(-1)).toEqual([plot.x(100), plot.y(1)])
  })

  test('marks synchronizations on the line that was synchronized, and the step that is read on all', () => {
    const dots = kindOf(scene.marks, 'dots').map(
      (mark) => mark.kind === 'dots' && [mark.outline, mark.points],
    )
    expect(dots).toEqual([
      ['ink', [[plot.x(50), plot.y(0.5)]]],
      ['page', [[plot.x(80), plot.y(0.8)]]],
      ['page', [[plot.x(0), plot.y(1)]]],
    ])
  })

  test('is one scene for files and for pages: the same texts, rings filled with the page', () => {
    const { context, calls } = makeRecorder()
    drawScene(context, scene, { colourOf: (ink) => ink, paper: 'paper', font: 'serif' })
    const svg = renderSvg(scene)
    const texts = scene.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []))
    expect([...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual(texts)
    expect(calls.filter((call) => call.startsWith('text')).map((call) => call.split(' ')[1])).toEqual(texts)
    expect(svg).toContain('<circle class="paper s-hue2"')
    expect(calls.indexOf('halo LaPerm paper')).toBeGreaterThan(calls.indexOf('fill paper'))
    expect(calls).toContain('dash 8,3.5')
    expect(svg).not.toContain('NaN')
  })
})

test('sorted vectors lie over the band of the initial ones, at most 96', () => {
  const rows = {
    length: 3,
    count: 200,
    sorted: Float32Array.from({ length: 600 }, (_, at) => at % 3),
    initial: { low: Float32Array.of(0, 1, 2), high: Float32Array.of(0, 1, 2) },
    wholeLength: 784,
  }
  const { marks } = vectorsChart(room, rows, [0, 2], { title: 'conv1', ink: 'hue2' })
  expect(kindOf(marks, 'area')).toHaveLength(1)
  expect(marks.filter((mark) => mark.kind === 'line' && mark.ink === 'hue2')).toHaveLength(96)
})
