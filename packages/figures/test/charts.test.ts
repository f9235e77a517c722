import { describe, expect, test } from 'vitest'
import { curveChart, dotChart, type Mark, renderSvg } from '../src/index.ts'

const options = { title: 'a', xTitle: 'epoch', yTitle: 'accuracy' }
const pointsOf = (values: readonly number[]) =>
  values.map((mean, i) => ({ x: i + 1, mean, min: mean - 1, max: mean + 1 }))
const textsOf = (marks: readonly Mark[]) => marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []))

describe('curves', () => {
  test('have a band where runs differ, and none where there is one run', () => {
    const banded = curveChart([{ label: 'x', ink: 'hue1', points: pointsOf([1, 2, 3]) }], options)
    const single = pointsOf([1, 2, 3]).map(({ x, mean }) => ({ x, mean, min: mean, max: mean }))
    const plain = curveChart([{ label: 'x', ink: 'hue1', points: single }], options)
    expect(banded.marks.filter(({ kind }) => kind === 'area')).toHaveLength(1)
    expect(plain.marks.filter(({ kind }) => kind === 'area')).toHaveLength(0)
  })

  test('stay within the plot, and begin at its edge where training began far below', () => {
    const values = [10, 90, 91, 92, 93, 94, 95, 96, 97, 98]
    const { marks, height } = curveChart([{ label: 'x', ink: 'hue1', points: pointsOf(values) }], options)
    for (const mark of marks)
      if (mark.kind === 'line') for (const [, y] of mark.points) expect(y).toBeLessThanOrEqual(height)
    expect(textsOf(marks)).not.toContain('20')
  })

  test('of epochs have no tick between two', () => {
    const { marks } = curveChart([{ label: 'x', ink: 'hue1', points: pointsOf([1, 2]) }], options)
    expect(textsOf(marks)).not.toContain('1.2')
  })

  test('over powers of ten are as far apart as the powers', () => {
    const points = [1, 10, 100].map((x) => ({ x, mean: x, min: x, max: x }))
    const { marks } = curveChart([{ label: 'x', ink: 'hue1', points }], { ...options, xScale: 'log' })
    const line = marks.find((mark) => mark.kind === 'line' && mark.ink === 'hue1')
    if (line?.kind !== 'line') throw new Error('no line')
    const [a, b, c] = line.points.map(([x]) => x)
    expect(b - a).toBeCloseTo(c - b)
  })

  test('that have no points are named and draw nothing', () => {
    const scene = curveChart([{ label: 'not trained', ink: 'hue1', points: [] }], options)
    expect(textsOf(scene.marks)).toContain('not trained')
    expect(renderSvg(scene)).not.toContain('NaN')
  })
})

describe('names at the ends of curves', () => {
  const endingAt = (values: readonly number[]) =>
    curveChart(
      values.map((value, i) => ({
        label: `curve ${i}`,
        ink: 'hue1' as const,
        points: [0, value].map((mean, x) => ({ x, mean, min: mean, max: mean })),
      })),
      { ...options, names: 'atEnds' },
    )
  const namesOf = (values: readonly number[]) =>
    endingAt(values).marks.flatMap((mark) =>
      mark.kind === 'text' && mark.text.startsWith('curve') ? [{ name: mark.text, y: mark.at[1] }] : [],
    )

  test('stand in the order of the ends, the highest first', () => {
    const names = [...namesOf([1, 3, 2])].sort((a, b) => a.y - b.y).map(({ name }) => name)
    expect(names).toEqual(['curve 1', 'curve 2', 'curve 0'])
  })

  test('do not overlap where curves end together, nor leave the plot at its lower edge', () => {
    for (const ends of [
      [1, 1, 1],
      [0, 0, 1],
    ]) {
      const heights = namesOf(ends)
        .map(({ y }) => y)
        .sort((a, b) => a - b)
      for (let i = 1; i < heights.length; i++) expect(heights[i] - heights[i - 1]).toBeGreaterThanOrEqual(17)
      expect(heights.at(-1)).toBeLessThan(endingAt(ends).height)
    }
  })

  test('are tied to them by lines', () => {
    const { marks } = endingAt([1, 2])
    const ties = marks.filter((mark) => mark.kind === 'line' && mark.opacity === 0.5)
    expect(ties).toHaveLength(2)
  })
})

describe('rows of dots', () => {
  test('have a dot a value, the mean in digits, and nothing where there is none', () => {
    const scene = dotChart(
      [
        { label: 'one', values: [1, 2], expected: 3 },
        { label: 'none', values: [], expected: null },
      ],
      'a',
      'b',
    )
    expect(textsOf(scene.marks)).toContain('1.50')
    expect(renderSvg(scene)).not.toContain('NaN')
  })
})
