/** How long runs will take, from what a worker measured of their parts. */
import type { Experiment } from '@laperm/train'
import { coarseKey } from './experiment-keys.ts'
import type { StepCost } from './measure-steps.ts'
import type { PlannedRun } from './plan-sweep.ts'
import type { Sample } from './worker-messages.ts'

/** Runs whose steps cost alike. */
const costKey = ({ experiment, source }: Pick<PlannedRun, 'experiment' | 'source'>): string =>
  JSON.stringify([coarseKey(experiment), experiment.augmentation === null, experiment.outer.kind, source])

/** One run of each kind of cost, for a worker to measure. */
export const costSamples = (runs: readonly PlannedRun[]): readonly Sample[] => [
  ...new Map(runs.map((run) => [costKey(run), { experiment: run.experiment, source: run.source }])).values(),
]

/** Steps that synchronize; of a schedule as many as its first period gives. */
const synchronizationsOf = ({ outer }: Experiment, totalSteps: number): number => {
  if (outer.kind === 'none') return 0
  const { syncPeriod } = outer
  return Math.ceil(
    totalSteps / (syncPeriod.kind === 'constant' ? syncPeriod.period : syncPeriod.periods[0].period),
  )
}

/**
 * Milliseconds of training that runs take, one after the other.
 *
 * @param samples {@link costSamples} of these runs.
 * @param costs what a worker measured of them, in their order; a run of which nothing was measured counts as the mean of the others.
 * @returns null where nothing was measured.
 */
export const trainingMs = (
  runs: readonly PlannedRun[],
  samples: readonly Sample[],
  costs: readonly (StepCost | null)[],
): number | null => {
  const byKey = new Map(samples.map((sample, i) => [costKey(sample), costs[i]]))
  let total = 0
  let known = 0
  for (const run of runs) {
    const cost = byKey.get(costKey(run)) ?? null
    if (cost === null) continue
    const { experiment, totalSteps } = run
    known++
    total +=
      totalSteps * cost.stepMs +
      synchronizationsOf(experiment, totalSteps) * cost.syncMs +
      experiment.epochs * cost.evaluationMs * (experiment.evaluateInner ? 2 : 1)
  }
  return known === 0 ? null : (total * runs.length) / known
}
