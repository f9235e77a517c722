/** What the runs of a figure have come to, read from their directories. Reading only. */
import { relative } from 'node:path'
import { findRun, type RunEnvironment, readMetrics } from '@laperm/runs'
import type { EpochMetrics, Experiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Figure, Measure } from './figure.ts'
import type { FigureRecord, RecordedRun } from './figure-record.ts'
import { figures } from './figures/index.ts'
import { readVariantScores, type VariantScore } from './variants/variant-scores.ts'

/** How a run stands. `missing`: not begun. */
export type ResultStatus = 'finished' | 'diverged' | 'failed' | 'unfinished' | 'missing'

/** A run's results. Accuracies are shares of the test set. */
export interface RunResult extends RecordedRun {
  readonly status: ResultStatus
  /** Relative to the figure's directory; null where there is none. */
  readonly directory: string | null
  /** The same, absolute. */
  readonly path: string | null
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
  /** Of the runs' variants, as far as they were measured. */
  readonly scores: readonly VariantScore[]
}

const read = async (directory: string, run: RecordedRun): Promise<RunResult> => {
  const nothing = {
    directory: null,
    path: null,
    epochs: [],
    best: null,
    minutes: 0,
    experiment: null,
    environment: null,
  }
  const found = await findRun(directory, run.identity)()
  if (E.isLeft(found) || found.right === null) return { ...run, ...nothing, status: 'missing' }
  const { kind, run: place } = found.right
  const summary = 'summary' in found.right ? found.right.summary : null
  const metrics = await readMetrics(place.directory, summary?.files)
  const epochs = metrics.value?.epochs ?? []
  const tests = epochs.flatMap(({ test }) => (test === null ? [] : [test.accuracy]))
  return {
    ...run,
    // Metrics that are not those that the run has left count no more than a summary that cannot be read.
    status: kind === 'unreadable' || metrics.value === null ? 'failed' : kind,
    directory: relative(directory, place.directory),
    path: place.directory,
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
  const scores = await readVariantScores(directory, record.figure, record.scale)
  return { figure: figures.find(({ name }) => name === record.figure) ?? null, record, runs, scores }
}

/** Runs that count: they have ended as they were meant to, or are drawn as far as they came before they diverged. */
const counts = ({ status }: RunResult): boolean => status === 'finished' || status === 'diverged'

/** Runs of a curve that count, by seed. */
export const runsOfCurve = ({ runs }: FigureResults, curve: string): readonly RunResult[] =>
  runs.filter((run) => run.curve === curve && counts(run))

/** Best test accuracies of a curve in percent, a value a seed. */
export const bestOfCurve = (results: FigureResults, curve: string): readonly number[] =>
  runsOfCurve(results, curve).flatMap(({ best }) => (best === null ? [] : [best * 100]))

/** Test accuracies of a curve's variant in percent, a value a seed. */
export const variantOfCurve = (results: FigureResults, curve: string, variant: string): readonly number[] =>
  runsOfCurve(results, curve).flatMap(({ identity }) =>
    results.scores
      .filter((score) => score.identity === identity && score.variant === variant)
      .map(({ accuracy }) => accuracy * 100),
  )

/** The mean; null of nothing. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** The standard deviation with n - 1; null of fewer than two. */
export const deviationOf = (values: readonly number[]): number | null => {
  const mean = meanOf(values)
  if (mean === null || values.length < 2) return null
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

const percent = (share: number | null | undefined): number | null => (share == null ? null : share * 100)

/** The mean over the epoch of the first kernel that is watched, as a share of its vectors' length; null where none is. */
export const rankingOf = (
  { rankingDistance = [] }: EpochMetrics,
  statistic: 'mean' | 'standardDeviation',
): number | null => {
  const first = rankingDistance[0]?.parameter
  const own = rankingDistance.filter(({ parameter }) => parameter === first)
  return meanOf(own.map((one) => one[statistic]))
}

/** What was measured in an epoch; null where it was not. */
export const measured = (epoch: EpochMetrics, measure: Measure): number | null => {
  switch (measure) {
    case 'test':
      return percent(epoch.test?.accuracy)
    case 'inner':
      return percent(epoch.inner?.accuracy)
    case 'train':
      return percent(epoch.trainAccuracy)
    case 'trained':
      return percent(epoch.trained?.accuracy)
    case 'testLoss':
      return epoch.test?.loss ?? null
    case 'rankingMean':
      return percent(rankingOf(epoch, 'mean'))
    case 'rankingDeviation':
      return percent(rankingOf(epoch, 'standardDeviation'))
    default:
      return measure satisfies never
  }
}

/** Epochs within which a run must not diverge to be chosen (Section 5.4), where its experiment does not say it. */
const trialEpochs = 50

/** Whether a run diverged within its trial: weights not finite, or no better than its experiment asks for. */
const divergesEarly = ({ status, epochs, experiment }: RunResult): boolean =>
  status === 'diverged' && epochs.length <= (experiment?.trial?.epochs ?? trialEpochs)

/**
 * Of a grid over k the largest that does not diverge within its trial, the first 50 epochs; the last where all do.
 *
 * @param curves in ascending order of k; one is chosen of itself.
 */
export const chooseCurve = (results: FigureResults, curves: readonly string[]): string => {
  const measuredCurves = curves.filter((curve) => runsOfCurve(results, curve).length > 0)
  const alive = measuredCurves.filter((curve) => !runsOfCurve(results, curve).some(divergesEarly))
  return alive.at(-1) ?? measuredCurves.at(-1) ?? curves.at(-1) ?? ''
}
