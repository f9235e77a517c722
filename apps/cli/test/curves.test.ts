import { describe, expect, test } from 'vitest'
import { scaleOf, shareLabel } from '../src/curves/series.ts'
import { svgChart } from '../src/curves/svg-chart.ts'
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

describe('svgChart', () => {
  const curve = (label: string) => ({
    label,
    points: [
      [1, 0.5],
      [2, 0.75],
    ] as const,
  })

  test('has a curve and its label for each run, and colours for light and dark', () => {
    const svg = svgChart('Test accuracy', [curve('k = 20'), curve('k = 250'), { label: 'none', points: [] }])
    expect(svg.match(/<polyline /g)).toHaveLength(2)
    expect(svg).toContain('>k = 250</text>')
    expect(svg).toContain('prefers-color-scheme:dark')
    // Both end at one height; their labels do not overlap.
    const heights = [...svg.matchAll(/class="label[^>]* y="([\d.]+)"/g)].map(([, y]) => Number(y))
    expect(Math.abs((heights[1] ?? 0) - (heights[0] ?? 0))).toBeGreaterThanOrEqual(20)
  })

  test('escapes foreign text', () => {
    const svg = svgChart('<script>&', [curve('"a"\u001b<b>')])
    for (const foreign of ['<script', '<b>', '\u001b']) expect(svg).not.toContain(foreign)
    expect(svg).toContain('&lt;script&gt;&amp;')
  })
})
