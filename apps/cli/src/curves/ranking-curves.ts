/** The ranking distances of a run (Section 3) as curves and as lines. */
import type { ReadMetrics } from '@laperm/runs'
import type { MeasuredDistance } from '@laperm/train'
import { formatCount } from '../format.ts'
import type { Series } from './series.ts'

/** Measurements of one kernel, in order. */
export interface RankingHistory {
  readonly parameter: string
  readonly measured: readonly MeasuredDistance[]
  readonly curve: Series
}

/**
 * Every kernel that was measured.
 *
 * @param label of the run, before the kernel's name; empty where there is one run.
 */
export const rankingHistories = (label: string, { epochs }: ReadMetrics): readonly RankingHistory[] => {
  const measured = epochs.flatMap(({ rankingDistance = [] }) => rankingDistance)
  const [first] = epochs
  const stepsPerEpoch = first === undefined ? 1 : first.step / first.epoch
  return [...new Set(measured.map(({ parameter }) => parameter))].map((parameter) => {
    const own = measured.filter((one) => one.parameter === parameter)
    return {
      parameter,
      measured: own,
      curve: {
        label: [label, parameter].filter((part) => part !== '').join(', '),
        points: own.map(({ step, mean }) => [step / stepsPerEpoch, mean] as const),
      },
    }
  })
}

const places = (share: number): string => share.toExponential(2)

/** `0.0123 of the vector's length on average`: the last measurement in words. */
export const lastDistance = ({ parameter, measured }: RankingHistory): string => {
  const last = measured.at(-1)
  return last === undefined
    ? ''
    : `${parameter}: mean ${places(last.mean)}, SD ${places(last.standardDeviation)} of the vectors' length at step ${formatCount(last.step)} (${formatCount(measured.length)} measured)`
}
