/** Measures the ranking distance of an experiment's kernels while it is trained (Section 3, Figure 3). Weights are read, never written. */
import {
  makeRankingMonitor,
  type Parameter,
  type Params,
  type RankInto,
  type RankingMonitor,
  weightVectorsSize,
} from '@laperm/core'
import { either as E } from 'fp-ts'
import type { RankingDistanceSpec } from './experiment.ts'
import type { RunPlan } from './plan-run.ts'

/** The ranking distance of one kernel between two measurements. */
export interface MeasuredDistance {
  /** The step after which the later ranking was taken, before the step's synchronization. */
  readonly step: number
  /** `conv1/kernel`. */
  readonly parameter: string
  /** Mean of |R_t - R_before| over all weights, divided by the length of a weight vector: the paper's D_t / 784. */
  readonly mean: number
  /** Standard deviation over all weights, divided likewise. */
  readonly standardDeviation: number
}

/** What one measurement gave. */
export interface RankedKernels {
  /** One a watched kernel, in the experiment's order; none for a kernel with NaN, whose last ranking stays. */
  readonly measured: readonly MeasuredDistance[]
  /** Reading and ranking, though an engine may have computed meanwhile. */
  readonly elapsedMs: number
}

/** What a watch ranks and tells time by. */
export interface RankingWatchOptions {
  /** Default: core. */
  readonly rankInto?: RankInto | undefined
  /** In milliseconds, from any start. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined
}

/** Watches the kernels of one run. */
export interface RankingWatch {
  /** Whether the weights after this step are to be ranked. */
  readonly isDue: (step: number) => boolean
  /** Keep the weights that are watched, for `rankKept`. @param read reads parameters by their names. */
  readonly keep: (read: (names: readonly string[]) => Promise<Params>, step: number) => Promise<void>
  /**
   * Rank what was kept and compare with the last time. Apart from keeping, so that it is done while an engine computes the next step.
   *
   * @returns null where nothing is kept.
   */
  readonly rankKept: () => RankedKernels | null
  /** The weights of the last measurement: what a continuation needs. */
  readonly last: () => Params
}

const stepsOf = ({ every }: RankingDistanceSpec, stepsPerEpoch: number): number =>
  every.kind === 'steps' ? every.count : every.count * stepsPerEpoch

/**
 * Watch what the plan's experiment asks for.
 *
 * @param plan of the run.
 * @param from theta_0 where the run begins, the `last` of the watch before where it goes on.
 * @returns null where nothing is asked for.
 */
export const makeRankingWatch = (
  { experiment: { rankingDistance }, stepsPerEpoch }: RunPlan,
  from: () => Params,
  { rankInto, clock = () => performance.now() }: RankingWatchOptions = {},
): RankingWatch | null => {
  if (rankingDistance === null) return null
  const period = stepsOf(rankingDistance, stepsPerEpoch)
  const last = new Map<string, Parameter>()
  const monitors = new Map<string, RankingMonitor>()
  const observe = (param: Parameter) => {
    const w = { values: param.values, ...weightVectorsSize(param.shape) }
    const monitor = monitors.get(param.name) ?? makeRankingMonitor(w, param.name, rankInto)
    monitors.set(param.name, monitor)
    const distance = monitor.observe(w)
    if (E.isRight(distance)) last.set(param.name, param)
    return distance
  }
  const watched = (params: Params): Params =>
    rankingDistance.parameters.flatMap((name) => params.find((param) => param.name === name) ?? [])
  for (const param of watched(from())) observe(param)
  let kept: { readonly step: number; readonly params: Params; readonly elapsedMs: number } | null = null
  return {
    isDue: (step) => step % period === 0,
    keep: async (read, step) => {
      const started = clock()
      const params = watched(await read(rankingDistance.parameters))
      kept = { step, params, elapsedMs: clock() - started }
    },
    rankKept: () => {
      if (kept === null) return null
      const started = clock()
      const { step, params, elapsedMs } = kept
      kept = null
      const measured = params.flatMap((param): readonly MeasuredDistance[] => {
        const distance = observe(param)
        if (E.isLeft(distance) || distance.right === null) return []
        const { mean, standardDeviation, length } = distance.right
        return [
          { step, parameter: param.name, mean: mean / length, standardDeviation: standardDeviation / length },
        ]
      })
      return { measured, elapsedMs: elapsedMs + clock() - started }
    },
    last: () => [...last.values()],
  }
}
