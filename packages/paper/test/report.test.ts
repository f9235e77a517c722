import type { EpochMetrics } from '@laperm/train'
import { describe, expect, test } from 'vitest'
import { smoothed } from '../src/curve-points.ts'
import { formatFigureRecord, parseFigureRecord } from '../src/figure-record.ts'
import { chooseCurve, type FigureResults, type ResultStatus, type RunResult } from '../src/figure-results.ts'
import { compareNumbers, figures, honestLines } from '../src/index.ts'
import { renderReport } from '../src/report/page.ts'
import { resultsCsv } from '../src/report/results-csv.ts'

const fig10 = figures.find(({ name }) => name === 'fig10')
if (fig10 === undefined) throw new Error('fig10 is not there')
const [first, second] = fig10.scales.smoke.curves.map(({ label }) => label)

const epochOf = (epoch: number, accuracy: number): EpochMetrics => ({
  epoch,
  step: epoch * 10,
  learningRate: 1e-3,
  trainLoss: 1,
  trainAccuracy: accuracy,
  synchronizations: epoch,
  test: { step: epoch * 10, epoch, accuracy, loss: 1 },
  inner: null,
})

const runOf = (
  curve: string,
  seed: number,
  accuracies: readonly number[],
  status: ResultStatus,
): RunResult => ({
  curve,
  seed,
  identity: String(seed).padStart(64, '0'),
  status,
  directory: `<b>run-${seed}</b>`,
  path: null,
  epochs: accuracies.map((accuracy, i) => epochOf(i + 1, accuracy)),
  best: accuracies.length === 0 ? null : Math.max(...accuracies),
  minutes: 1,
  experiment: null,
  environment: null,
})

const resultsOf = (runs: readonly RunResult[]): FigureResults => ({
  figure: fig10,
  record: { figure: 'fig10', scale: 'paper', command: 'laperm reproduce fig10 --scale paper', runs },
  runs,
  scores: [],
})

describe('the paper\u2019s numbers beside ours', () => {
  test('are means over the seeds of the best test accuracy, in percent', () => {
    const results = resultsOf([
      runOf(first, 1, [0.5, 0.86, 0.85], 'finished'),
      runOf(first, 2, [0.88], 'finished'),
      runOf(first, 3, [0.1], 'failed'),
    ])
    const [number] = compareNumbers(fig10, results)
    // (86 + 88) / 2 = 87; SD = sqrt(1 + 1) with n - 1 = 1; 87 - 85.5 = 1.5.
    expect(number).toMatchObject({ ours: 87, seeds: 2 })
    expect(number?.deviation).toBeCloseTo(Math.SQRT2)
    expect(number?.difference).toBeCloseTo(1.5)
  })

  test('are blank where nothing was measured', () => {
    const [number] = compareNumbers(fig10, resultsOf([runOf(first, 1, [], 'missing')]))
    expect(number).toMatchObject({ ours: null, difference: null, seeds: 0 })
  })
})

describe('what a reader must know', () => {
  test('is nothing where the figure is whole and the paper\u2019s own', () => {
    expect(honestLines(resultsOf([runOf(first, 1, [0.8], 'finished')]))).toEqual([])
  })

  test('is first that half of the runs failed', () => {
    const lines = honestLines(
      resultsOf([runOf(first, 1, [0.8], 'finished'), runOf(second, 1, [0.2], 'failed')]),
    )
    expect(lines[0]).toContain('Only 1 of 2 runs count')
    expect(lines[1]).toBe('1 of 2 runs failed and are left out.')
  })
})

describe('the page', () => {
  test('draws a figure of which half the runs failed, and says so', async () => {
    const page = await renderReport({
      figures: [resultsOf([runOf(first, 1, [0.7, 0.8], 'finished'), runOf(second, 1, [], 'failed')])],
      leftOut: [],
    })
    expect(page).toContain('Only 1 of 2 runs count')
    expect(page.match(/<svg/g)).toHaveLength(3)
  })

  test('is printed on white, also by those who read on black', async () => {
    const page = await renderReport({
      figures: [resultsOf([runOf(first, 1, [0.7], 'finished')])],
      leftOut: [],
    })
    const schemes = page.match(/@media[^{]*prefers-color-scheme:dark/g) ?? []
    expect(schemes.length).toBeGreaterThan(1)
    for (const scheme of schemes) expect(scheme).toMatch(/@media screen and/)
  })

  test('names nothing outside itself, and no foreign text is markup', async () => {
    const page = await renderReport({
      figures: [resultsOf([runOf(first, 1, [0.7], 'finished')])],
      leftOut: ['<script>alert(1)</script>'],
    })
    expect(page).not.toMatch(/<script|<b>|<link|<img|@import/)
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:/)
  })
})

describe('data', () => {
  test('are a row a run and epoch, with what is missing left empty', () => {
    const lines = resultsCsv(
      resultsOf([runOf(first, 1, [0.5, 0.75], 'finished'), runOf(second, 1, [], 'missing')]),
    )
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toContain('testAccuracy')
    expect(lines[2]).toContain(',0.75,')
  })

  test('have what was measured on training examples, and how far the ranking moved', () => {
    const run = runOf(first, 1, [], 'finished')
    const watched = (mean: number) => ({ parameter: 'a', step: 10, mean, standardDeviation: 2 * mean })
    const epoch = {
      ...epochOf(1, 0.5),
      trained: { step: 10, epoch: 1, accuracy: 0.625, loss: 1 },
      rankingDistance: [watched(0.25), watched(0.5), { ...watched(0.9), parameter: 'b' }],
    }
    const [heading, line] = resultsCsv(resultsOf([{ ...run, epochs: [epoch] }])).split('\n')
    const columns = heading.split(',')
    // From the end: a curve's label may hold a comma.
    const value = (column: string) => line.split(',').at(columns.indexOf(column) - columns.length)
    expect(['trainedAccuracy', 'rankingMean', 'rankingDeviation'].map(value)).toEqual([
      '0.625',
      '0.375',
      '0.75',
    ])
  })

  test('of a figure\u2019s file come back as they were, and anything else is none', () => {
    const { record } = resultsOf([])
    const runs = [{ curve: first, seed: 1, identity: 'a'.repeat(64) }]
    expect(parseFigureRecord(formatFigureRecord({ ...record, runs }))).toEqual({ ...record, runs })
    expect(
      parseFigureRecord('{"format":"laperm-figure/1","figure":"fig10","scale":"huge","runs":[]}'),
    ).toBeNull()
    expect(parseFigureRecord('{')).toBeNull()
  })
})

describe('a grid over k', () => {
  const experiment = { epochs: 9, trial: { epochs: 3, accuracy: 0.2 } } as NonNullable<
    RunResult['experiment']
  >
  const alive = (curve: string): RunResult => ({ ...runOf(curve, 1, [0.1, 0.5], 'finished'), experiment })
  const early = (curve: string): RunResult => ({
    ...runOf(curve, 1, [0.1, 0.11, 0.1], 'diverged'),
    experiment,
  })
  const late = (curve: string): RunResult => ({
    ...runOf(curve, 1, [0.1, 0.5, 0.6, 0.6], 'diverged'),
    experiment,
  })

  test('gives the largest k that does not diverge within its trial, whatever is more accurate', () => {
    const curves = ['k = 200', 'k = 400', 'k = 800']
    const runs = [alive('k = 200'), { ...alive('k = 400'), best: 0.3 }, early('k = 800')]
    expect(chooseCurve(resultsOf(runs), curves)).toBe('k = 400')
    expect(chooseCurve(resultsOf([alive('k = 200'), early('k = 400')]), curves)).toBe('k = 200')
    expect(chooseCurve(resultsOf([alive('k = 200'), late('k = 800')]), curves)).toBe('k = 800')
    expect(chooseCurve(resultsOf(curves.map(early)), curves)).toBe('k = 800')
  })
})

describe('smoothing', () => {
  test('leaves a parabola as it is', () => {
    const points = Array.from({ length: 20 }, (_, x) => {
      const mean = 3 + 2 * x - 0.1 * x * x
      return { x, mean, min: mean - 1, max: mean + 1 }
    })
    for (const [i, { mean }] of smoothed(points).entries()) expect(mean).toBeCloseTo(points[i]?.mean ?? 0, 6)
  })

  test('takes noise away that changes its sign at every point', () => {
    const points = Array.from({ length: 20 }, (_, x) => ({
      x,
      mean: 50 + (x % 2 === 0 ? 1 : -1),
      min: 0,
      max: 0,
    }))
    for (const { mean } of smoothed(points).slice(5, 15)) expect(Math.abs(mean - 50)).toBeLessThan(0.4)
  })
})
