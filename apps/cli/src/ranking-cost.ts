/** Says what ranking distances cost where they are measured so often that training takes notably longer. */
import type { Experiment, TrainEvent } from '@laperm/train'
import { formatShare } from './format.ts'

/** What ranking distances may cost, as a share of a step. */
const rankingShare = 0.02
/** Steps after which the share is told: the first ones are slower. */
const settledSteps = 200

/** Tells once what ranks that are measured every few steps cost, where that is much. */
export const makeRankingCost = (
  tell: (line: string) => void,
  clock: () => number = () => performance.now(),
): ((event: TrainEvent, experiment: Experiment) => void) => {
  let [steps, rankingMs, startedAt, isTold] = [0, 0, 0, false]
  return (event, { rankingDistance }) => {
    if (rankingDistance?.every.kind !== 'steps' || isTold) return
    if (event.kind === 'rankingDistance') rankingMs += event.elapsedMs
    if (event.kind !== 'step') return
    if (steps === 0) [startedAt, rankingMs] = [clock(), 0]
    steps++
    if (steps < settledSteps) return
    isTold = true
    const share = rankingMs / Math.max(1, clock() - startedAt - rankingMs)
    if (share <= rankingShare) return
    const every = Math.ceil((rankingDistance.every.count * share) / rankingShare)
    tell(
      `warning: measuring ranks costs ${formatShare(share)} of the time of a step; with --every ${every}steps it is ${formatShare(rankingShare)}`,
    )
  }
}
