/** theta_0 with its zeros, by any kind of pruning. */
import { type Params, pruneParams } from '@laperm/core'
import type { SettingError } from '@laperm/core/settings'
import type { InferredModel } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { Experiment } from '../experiment.ts'
import { isPrunable, pruneByScore } from './prune-by-score.ts'
import { pruneBySynapticFlow } from './synaptic-flow.ts'

/** The run whose best weights an experiment needs before its first step; null where it needs none. */
export const startsFrom = ({
  shuffledFrom,
  sparsity,
}: Pick<Experiment, 'shuffledFrom' | 'sparsity'>): string | null =>
  shuffledFrom ?? (sparsity.kind === 'magnitude' ? sparsity.of : null)

/**
 * Prune initial weights.
 *
 * @param params not written.
 * @param trained best weights of the run that `magnitude` names, of the same network.
 */
export const pruneInitial = (
  { sparsity, seed }: Pick<Experiment, 'sparsity' | 'seed'>,
  inferred: InferredModel,
  params: Params,
  trained: Params | null,
): E.Either<SettingError, Params> => {
  switch (sparsity.kind) {
    case 'synflow':
      return E.right(pruneBySynapticFlow(inferred, params, sparsity.fraction, sparsity.rounds))
    case 'magnitude': {
      const scores = (trained ?? [])
        .filter(isPrunable)
        .map(({ values }) => Float64Array.from(values, Math.abs))
      return E.right(pruneByScore(params, scores, sparsity.fraction))
    }
    default:
      return pruneParams(params, sparsity, seed)
  }
}
