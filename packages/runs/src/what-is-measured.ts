/** What a run records on request is no part of its identity: a run that is there may record something else than was asked for. */
import type { Experiment, RunPlan } from '@laperm/train'
import type { Run } from './run-directory.ts'

type Measured = Pick<Experiment, 'rankingDistance'>

/** Whether two experiments record the same. */
export const measuresTheSame = (one: Measured, other: Measured): boolean =>
  JSON.stringify(one.rankingDistance) === JSON.stringify(other.rankingDistance)

const described = ({ rankingDistance }: Measured): string => {
  if (rankingDistance === null) return 'no ranking distance'
  const { parameters, every } = rankingDistance
  return `the ranking distance of ${parameters.join(', ')} every ${every.count} ${every.kind}`
}

/** Why a run that is there does not hold what was asked for, as a sentence; null where it does. */
export const measuredDifference = ({ directory, config }: Run, asked: Measured): string | null =>
  measuresTheSame(config.experiment, asked)
    ? null
    : `${directory} records ${described(config.experiment)}, not ${described(asked)}; --again trains it anew`

/** The plan of a run that goes on: it records what it began to record. */
export const planAsBegun = (plan: RunPlan, { config }: Run): RunPlan => ({
  ...plan,
  experiment: { ...plan.experiment, rankingDistance: config.experiment.rankingDistance },
})
