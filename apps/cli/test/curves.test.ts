import type { Scene } from '@laperm/figures'
import { describe, expect, test } from 'vitest'
import { accuracyChart } from '../src/curves/accuracy-chart.ts'
import { scaleOf, shareLabel } from '../src/curves/series.ts'
import { terminalChart } from '../src/curves/terminal-chart.ts'

describe('scaleOf', () => {
  test.each([
    [
      [0.1, 0.9],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [0.951, 0.982],
      [0.95, 0.96, 0.97, 0.98, 0.99],
    ],
    [
      [0.5, 0.5],
      [0.5, 0.51],
    ],
    [
      [0, 0],
      [0, 0.2],
    ],
  ])('%j has ticks at round numbers around it', (values, ticks) => {
    const scale = scaleOf(values, 5)
    expect(scale.from).toBeLessThanOrEqual(Math.min(...values))
    expect(scale.to).toBeGreaterThanOrEqual(Math.max(...values))
    for (const [index, tick] of ticks.entries()) expect(scale.ticks[index]).toBeCloseTo(tick, 12)
  })

  test('labels have the digits that tell ticks apart', () => {
    expect(shareLabel(0.985, scaleOf([0.98, 0.99], 2))).toBe('98.5%')
    expect(shareLabel(0.5, scaleOf([0, 1], 2))).toBe('50%')
  })
})

describe('terminalChart', () => {
  const rise = { label: 'a', points: [1, 2, 3].map((epoch) => [epoch, epoch / 4] as const) }
  const fall = { label: 'b', points: [1, 2, 3].map((epoch) => [epoch, 1 - epoch / 4] as const) }

  test('draws a line from the lower left to the upper right', () => {
    const lines = terminalChart([rise], 40, 8)
    const starts = lines.map((line) => line.search(/[\u2801-\u28ff]/)).filter((start) => start >= 0)
    expect(starts.length).toBeGreaterThan(3)
    expect([...starts].sort((a, b) => b - a)).toEqual(starts)
    expect(lines.at(-1)).toMatch(/epoch 1 +3$/)
  })

  test('writes letters on the lines of several curves, none on one alone', () => {
    const both = terminalChart([rise, fall], 60, 8).slice(0, 8).join('\n')
    expect(both).toMatch(/A/)
    expect(both).toMatch(/B/)
    expect(terminalChart([rise], 60, 8).slice(0, 8).join('')).not.toMatch(/A/)
  })

  test.each([12, 40, 80])('is not wider than %i columns', (columns) => {
    for (const line of terminalChart([rise, fall], columns, 6))
      expect(line.length).toBeLessThanOrEqual(Math.max(columns, 20))
  })

  test('is nothing without points', () => {
    expect(terminalChart([{ label: 'a', points: [] }], 40, 8)).toEqual([])
  })
})

describe('accuracyChart', () => {
  const curve = (label: string, last = 0.75) => ({
    label,
    points: [
      [1, 0.5],
      [2, last],
    ] as const,
  })
  const textsOf = ({ marks }: Scene) => marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []))
  const curvesOf = ({ marks }: Scene) =>
    marks.flatMap((mark) =>
      mark.kind === 'line' && mark.ink.startsWith('hue') && mark.width === 1.7 ? [mark] : [],
    )

  test('has a curve and its name for each run with a point, in percent', () => {
    const scene = accuracyChart('Test accuracy', [
      curve('k = 20'),
      curve('k = 250'),
      { label: 'none', points: [] },
    ])
    expect(curvesOf(scene)).toHaveLength(2)
    expect(textsOf(scene)).toEqual(expect.arrayContaining(['k = 20', 'k = 250', '60']))
    expect(textsOf(scene)).not.toContain('none')
  })

  test('tells more curves apart than there are colours', () => {
    const scene = accuracyChart(
      '',
      Array.from({ length: 16 }, (_, i) => curve(String(i), 0.6 + i / 100)),
    )
    const looks = curvesOf(scene).map(({ ink, dash = 'whole' }) => `${ink} ${dash}`)
    expect(new Set(looks).size).toBe(16)
  })
})
