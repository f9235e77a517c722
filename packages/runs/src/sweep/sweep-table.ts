/** What a sweep came to: a row a run, and mean, least and greatest over the seeds of each group. */
import { basename } from 'node:path'
import { type Fields, wordsOf } from '../run-fields.ts'
import type { RunStatus, RunSummary } from '../run-summary.ts'
import type { PlannedRun, PlannedSweep } from './plan-sweep.ts'

/** How a run of a sweep stands. */
export interface SweepRunState {
  /** `missing`: not begun. `busy`: another process trains it. */
  readonly status: RunStatus | 'missing' | 'busy'
  /** Null where there is none. */
  readonly summary: RunSummary | null
  /** Why it failed. */
  readonly error: string | null
}

/** `syncPeriod` for `sync-period`. */
const camelCase = (flag: string): string =>
  flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The columns of a row beside the fields of the sweep, in their order. Accuracies are shares of the test set. */
const rowOf = (
  { choice, experiment, identity }: PlannedRun,
  fields: readonly string[],
  { status, summary, error }: SweepRunState,
): Fields => {
  const words = wordsOf(experiment)
  const chosen = fields.flatMap((field, i) =>
    Object.hasOwn(words, camelCase(field)) ? [] : [[field, choice[i]] as const],
  )
  return {
    run: summary === null ? null : basename(summary.runDirectory),
    status,
    ...words,
    // What was chosen and an experiment has no single word for: `init`, `learning-rate`.
    ...Object.fromEntries(chosen),
    testAccuracy: summary?.testAccuracy ?? null,
    testLoss: summary?.testLoss ?? null,
    bestTestAccuracy: summary?.bestTestAccuracy ?? null,
    bestEpoch: summary?.bestEpoch ?? null,
    steps: summary?.steps ?? null,
    synchronizations: summary?.synchronizations ?? null,
    trainSeconds: summary?.trainSeconds ?? null,
    divergedAt: summary?.divergedAt ?? null,
    error: error?.split('\n')[0] ?? null,
    identity,
  }
}

/** A row for each run, in the order of the sweep. */
export const sweepRows = (
  { runs, fields }: PlannedSweep,
  stateOf: (run: PlannedRun) => SweepRunState,
): readonly Fields[] => runs.map((run) => rowOf(run, fields, stateOf(run)))

/** Of some numbers. */
export interface Spread {
  readonly mean: number
  readonly min: number
  readonly max: number
}

/** Runs that differ in nothing but their seed. */
export interface SweepGroup {
  /** The fields of the sweep but for the seed, with what was chosen. */
  readonly choice: Readonly<Record<string, string>>
  /** Runs in it, and how many of them have finished: only these are measured. */
  readonly runs: number
  readonly finished: number
  readonly diverged: number
  /** Null where nothing was measured. */
  readonly testAccuracy: Spread | null
  readonly bestTestAccuracy: Spread | null
}

const spreadOf = (values: readonly (number | null)[]): Spread | null => {
  const numbers = values.filter((value) => value !== null)
  if (numbers.length === 0) return null
  return {
    mean: numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
    min: Math.min(...numbers),
    max: Math.max(...numbers),
  }
}

/** The groups of a sweep, in the order of their first run. */
export const sweepGroups = (
  { runs, fields }: PlannedSweep,
  stateOf: (run: PlannedRun) => SweepRunState,
): readonly SweepGroup[] => {
  const groups = new Map<string, PlannedRun[]>()
  for (const run of runs) {
    const key = JSON.stringify(run.choice.filter((_, i) => fields[i] !== 'seed'))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [run])
    else group.push(run)
  }
  return [...groups.values()].map((group) => {
    const states = group.map(stateOf)
    const finished = states.filter(({ status }) => status === 'finished')
    return {
      choice: Object.fromEntries(
        fields.flatMap((field, i) => (field === 'seed' ? [] : [[field, group[0].choice[i]]])),
      ),
      runs: group.length,
      finished: finished.length,
      diverged: states.filter(({ status }) => status === 'diverged').length,
      testAccuracy: spreadOf(finished.map(({ summary }) => summary?.testAccuracy ?? null)),
      bestTestAccuracy: spreadOf(finished.map(({ summary }) => summary?.bestTestAccuracy ?? null)),
    }
  })
}
