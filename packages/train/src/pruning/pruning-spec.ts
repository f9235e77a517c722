/** Which initial weights are pruned: at random, as the paper does, or by a score over the whole network. */
import { checkSparsity, type SparsitySpec } from '@laperm/core'
import {
  checkInteger,
  checkKind,
  checkSetting,
  refuse,
  type SettingError,
  settle,
  share,
} from '@laperm/core/settings'
import type { either as E } from 'fp-ts'

/**
 * A {@link SparsitySpec}, which draws what is pruned, or:
 *
 * - `synflow`: of all kernels' weights together the `fraction` with the least synaptic flow, in `rounds` rounds. No data are looked at.
 * - `magnitude`: the `fraction` that is smallest in the best weights of the finished run `of`, an identity. Initial weights are drawn all the same;
 *   only which of them are zero comes from that run.
 *
 * @see Tanaka et al. 2020, arXiv:2006.05467 (SynFlow); Han et al. 2015, arXiv:1506.02626 (magnitude)
 */
export type PruningSpec =
  | SparsitySpec
  | { readonly kind: 'synflow'; readonly fraction: number; readonly rounds: number }
  | { readonly kind: 'magnitude'; readonly fraction: number; readonly of: string }

/** The most rounds of `synflow`: each takes as long as a few steps. */
const mostRounds = 1000

const identity = /^[0-9a-f]{64}$/

const isScored = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'synflow' || value.kind === 'magnitude')

/**
 * Check a pruning from outside.
 *
 * @param kernels how many the network has.
 * @returns `Left` naming the first setting against its rule.
 */
export const checkPruning = (value: unknown, kernels: number): E.Either<SettingError, PruningSpec> =>
  isScored(value)
    ? settle(() => {
        const [kind, record] = checkKind<'synflow' | 'magnitude'>('sparsity', value, {
          synflow: ['fraction', 'rounds'],
          magnitude: ['fraction', 'of'],
        })
        const fraction = checkSetting('sparsity.fraction', record.fraction, share)
        if (kind === 'synflow')
          return { kind, fraction, rounds: checkInteger('sparsity.rounds', record.rounds, 1, mostRounds) }
        return typeof record.of === 'string' && identity.test(record.of)
          ? { kind, fraction, of: record.of }
          : refuse('sparsity.of', record.of, 'it must be the identity of a run, 64 hexadecimal digits')
      })
    : checkSparsity(value, kernels)
