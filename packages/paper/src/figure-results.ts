/** What the runs of a figure have come to, read from their directories. Reading only. */
import { relative } from 'node:path'
import { findRun, type RunEnvironment, readMetrics } from '@laperm/runs'
import type { EpochMetrics, Experiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Figure, Measure } from './figure.ts'
import type { FigureRecord, RecordedRun } from './figure-record.ts'
import { figures } from './figures/index.ts'

/** How a run stands. `missing`: not begun. */
export type ResultStatus = 'finished' | 'diverged' | 'failed' | 'unfinished' | 'missing'

/** A run's results. Accuracies are shares of the test set. */
export interface RunResult extends RecordedRun {
  readonly status: ResultStatus
  /** Relative to the figure's directory; null where there is none. */
  readonly directory: string | null
  readonly epochs: readonly EpochMetrics[]
  /** Right after a synchronization; null before the first. */
  readonly best: number | null
  readonly minutes: number
  readonly experiment: Experiment | null
  readonly environment: RunEnvironment | null
}

/** A figure of a directory. */
export interface FigureResults {
  /** Null where this version knows no such figure. */
  readonly figure: Figure | null
  readonly record: FigureRecord
  readonly runs: readonly RunResult[]
}

const read = async (directory: string, run: RecordedRun): Promise<RunResult> => {
  const nothing = { directory: null, epochs: [], best: null, minutes: 0, experiment: null, environment: null }
  const found = await findRun(directory, run.identity)()
  if (E.isLeft(found) || found.right === null) return { ...run, ...nothing, status: 'missing' }
  const { kind, run: place } = found.right
  const metrics = await readMetrics(place.directory)
  const epochs = metrics.value?.epochs ?? []
  const tests = epochs.flatMap(({ test }) => (test === null ? [] : [test.accuracy]))
  const summary = 'summary' in found.right ? found.right.summary : null
  return {
    ...run,
    status: kind === 'unreadable' ? 'failed' : kind,
    directory: relative(directory, place.directory),
    epochs,
    best: summary?.bestTestAccuracy ?? (tests.length === 0 ? null : Math.max(...tests)),
    minutes: (summary?.trainSeconds ?? 0) / 60,
    experiment: place.config.experiment,
    environment: place.config.environment,
  }
}

/**
 * Read the results of a figure.
 *
 * @param directory of its runs, absolute.
 */
export const readFigureResults = async (directory: string, record: FigureRecord): Promise<FigureResults> => {
  const runs: RunResult[] = []
  for (const run of record.runs) runs.push(await read(directory, run))
  return { figure: figures.find(({ name }) => name === record.figure) ?? null, record, runs }
}

/** Runs that count: they have ended as they were meant to, or are drawn as far as they came before they diverged. */
const counts = ({ status }: RunResult): boolean => status === 'finished' || status === 'diverged'

/** Runs of a curve that count, by seed. */
export const runsOfCurve = ({ runs }: FigureResults, curve: string): readonly RunResult[] =>
  runs.filter((run) => run.curve === curve && counts(run))

/** Best test accuracies of a curve in percent, a value a seed. */
export const bestOfCurve = (results: FigureResults, curve: string): readonly number[] =>
  runsOfCurve(results, curve).flatMap(({ best }) => (best === null ? [] : [best * 100]))

/** The mean; null of nothing. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** The standard deviation with n - 1; null of fewer than two. */
export const deviationOf = (values: readonly number[]): number | null => {
  const mean = meanOf(values)
  if (mean === null || values.length < 2) return null
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

/** What was measured in an epoch, in percent; null where it was not. */
export const measured = (epoch: EpochMetrics, measure: Measure): number | null => {
  const share =
    measure === 'train' ? epoch.trainAccuracy : (measure === 'test' ? epoch.test : epoch.inner)?.accuracy
  return share === undefined ? null : share * 100
}
