import { expect, test } from 'vitest'
import type { RunSummary } from '../src/run-summary.ts'
import { startSummary } from '../src/run-summary.ts'
import { coarseKey, dataKey, fineKey } from '../src/sweep/experiment-keys.ts'
import {
  groupRuns,
  makeStepClock,
  type PlannedRun,
  planSweep,
  type Survey,
  type SweepRunState,
  sweepGroups,
  sweepRows,
} from '../src/sweep/index.ts'
import { experimentOf, must } from './fixture-runs.ts'

const source = { dataDir: null, folder: null, acceptChecksum: false }
const hash = '0'.repeat(64)
const data = { trainInputs: hash, trainLabels: hash, testInputs: hash, testLabels: hash }
const fits: Survey = { kind: 'fits', data, bits: { threads: '1' }, stepsPerEpoch: 10 }

/** Batch 50 and 25, seeds 1 and 2, and the last one once more. */
const expanded = {
  name: 'table',
  fields: ['batch-size', 'seed'],
  runs: [
    [50, 1],
    [50, 2],
    [25, 1],
    [25, 2],
    [25, 2],
  ].map(([batchSize, seed]) => ({
    experiment: experimentOf({ batchSize, seed }),
    source,
    choice: [String(batchSize), String(seed)],
  })),
}

const finished = (run: PlannedRun, testAccuracy: number): SweepRunState => {
  const summary: RunSummary = {
    ...startSummary(run.experiment, `/runs/${run.identity.slice(0, 6)}`),
    status: 'finished',
    testAccuracy,
    bestTestAccuracy: testAccuracy,
  }
  return { status: 'finished', summary, error: null }
}

test('equal runs are kept once, and counted', () => {
  const groups = groupRuns(expanded)
  expect(groups.map((group) => group.length)).toEqual([2, 3])
  const sweep = must(planSweep(expanded, groups, [fits, fits]))
  expect(sweep.runs.map(({ choice, group, totalSteps }) => [choice.join(), group, totalSteps])).toEqual([
    ['50,1', 0, 20],
    ['50,2', 0, 20],
    ['25,1', 1, 20],
    ['25,2', 1, 20],
  ])
  expect(sweep.same).toEqual([{ kept: ['25', '2'], same: ['25', '2'], count: 1, why: 'repeated' }])
})

test('runs share a group, and their data, only where these are the same', () => {
  const experiment = experimentOf()
  const withEach: readonly Partial<typeof experiment>[] = [
    { seed: 7, epochs: 9, evaluateInner: true },
    { sparsity: { kind: 'uniform', fraction: 0.5 } },
    { batchSize: 25 },
    { limit: 100 },
    { testLimit: 100 },
    { dataset: 'mnist' },
  ]
  const keys = withEach.map((field) => {
    const other = { ...experiment, ...field }
    return [fineKey, coarseKey, dataKey].map((keyOf) => keyOf(other) === keyOf(experiment))
  })
  expect(keys).toEqual([
    [true, true, true],
    [false, true, true],
    [false, false, true],
    [false, false, false],
    [false, false, false],
    [false, false, false],
  ])
})

test('a group that cannot be trained is named with all of its runs', () => {
  const refused: Survey = { kind: 'refused', message: 'It is too large.' }
  expect(planSweep(expanded, groupRuns(expanded), [fits, refused])).toMatchObject({
    left: { size: 5, parts: [{ message: 'It is too large.', count: 3 }] },
  })
})

test('means, least and greatest are those of the finished runs of a group', () => {
  const sweep = must(planSweep(expanded, groupRuns(expanded), [fits, fits]))
  const [a, b, c] = sweep.runs
  const states = new Map([
    [a, finished(a, 0.5)],
    [b, finished(b, 0.75)],
    [c, finished(c, 0.25)],
  ])
  const stateOf = (run: PlannedRun): SweepRunState =>
    states.get(run) ?? { status: 'failed', summary: null, error: 'full disk\nat line 1' }
  expect(sweepGroups(sweep, stateOf)).toMatchObject([
    // (0.5 + 0.75) / 2
    {
      choice: { 'batch-size': '50' },
      runs: 2,
      finished: 2,
      testAccuracy: { mean: 0.625, min: 0.5, max: 0.75 },
    },
    {
      choice: { 'batch-size': '25' },
      runs: 2,
      finished: 1,
      testAccuracy: { mean: 0.25, min: 0.25, max: 0.25 },
    },
  ])
  const rows = sweepRows(sweep, stateOf)
  expect(
    rows.map(({ status, batchSize, seed, testAccuracy, error }) => [
      status,
      batchSize,
      seed,
      testAccuracy,
      error,
    ]),
  ).toEqual([
    ['finished', 50, 1, 0.5, null],
    ['finished', 50, 2, 0.75, null],
    ['finished', 25, 1, 0.25, null],
    ['failed', 25, 2, null, 'full disk'],
  ])
})

test('the time that is left follows from the steps that were measured, group by group', () => {
  const clock = makeStepClock()
  expect(clock.left([{ group: 0, steps: 10 }], 2)).toBeNull()
  clock.add(0, 100, 1000)
  clock.add(1, 10, 1200)
  // 50 steps of 10 ms, 6 of 120 ms, and 11 of an unknown group at the mean of 20 ms, on two workers.
  const remaining = [
    { group: 0, steps: 50 },
    { group: 1, steps: 6 },
    { group: 2, steps: 11 },
  ]
  expect(clock.left(remaining, 2)).toBeCloseTo((500 + 720 + 220) / 2, 9)
})
