/**
 * Random sparsity: pruning initial weights to zero before training, as in Sections 5.4 and 5.5.
 *
 * Pruned weights are not frozen. A zero is a value like any other, which reconnection may put elsewhere.
 */
import { either as E } from 'fp-ts'
import { type InvalidSetting, invalidSetting } from '../errors/errors.ts'
import type { Parameter, Params } from '../parameter.ts'
import { makeRandom, type Random } from '../random/random.ts'

/**
 * Which fraction of the weights is PRUNED (the authors' code says which fraction is kept).
 *
 * `uniform`: the same fraction of every kernel, but at most 20% of the first. `perKernel`: one fraction a kernel, in order, taken literally.
 */
export type SparsitySpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'uniform'; readonly fraction: number }
  | { readonly kind: 'perKernel'; readonly fractions: readonly number[] }

/** The most that `uniform` prunes of the first kernel: it sees the input, where every zero is a pixel not looked at. */
export const firstKernelMaxFraction = 0.2

const isPrunable = (parameter: Parameter): boolean =>
  parameter.role === 'kernel' && parameter.shape.length > 1

const isFraction = (fraction: number): boolean => fraction >= 0 && fraction < 1

/** The fraction of each kernel, or why there is none. */
const fractionsOf = (
  sparsity: SparsitySpec,
  kernels: readonly Parameter[],
): E.Either<InvalidSetting, readonly number[]> => {
  switch (sparsity.kind) {
    case 'none':
      return E.right(kernels.map(() => 0))
    case 'uniform': {
      const { fraction } = sparsity
      return isFraction(fraction)
        ? E.right(kernels.map((_, i) => (i === 0 ? Math.min(fraction, firstKernelMaxFraction) : fraction)))
        : E.left(
            invalidSetting('sparsity', fraction, 'the fraction pruned must be at least 0 and less than 1'),
          )
    }
    case 'perKernel': {
      const { fractions } = sparsity
      if (fractions.length !== kernels.length)
        return E.left(
          invalidSetting(
            'sparsity',
            `[${fractions.join(', ')}]`,
            `it needs one fraction for each of the ${kernels.length} kernels (${kernels.map((k) => k.name).join(', ')})`,
          ),
        )
      const wrong = fractions.findIndex((fraction) => !isFraction(fraction))
      return wrong === -1
        ? E.right(fractions)
        : E.left(
            invalidSetting(
              `sparsity of ${kernels[wrong].name}`,
              fractions[wrong],
              'the fraction pruned must be at least 0 and less than 1',
            ),
          )
    }
    default:
      return sparsity satisfies never
  }
}

/** Zero exactly `pruned` positions, every choice equally likely: walk once, taking each with the probability that is left for it. */
const prune = (parameter: Parameter, pruned: number, random: Random): Parameter => {
  const values = parameter.values.slice()
  let missing = pruned
  for (let i = 0; missing > 0; i++) {
    if (random.nextInt(values.length - i) < missing) {
      values[i] = 0
      missing--
    }
  }
  return { ...parameter, values }
}

/**
 * Prune kernels at random.
 *
 * Of a kernel of `size` weights exactly `round(fraction * size)` positions become +0, drawn over the whole kernel (not per weight vector)
 * from a stream of the kernel's own. 1-D parameters are never pruned. Weights that are zero already may be among those drawn.
 *
 * @param params initial weights; never written. Unpruned parameters are handed on as they are.
 * @param seed any safe integer.
 * @returns `Left(InvalidSetting)` when a fraction is outside `[0, 1)`, or when `perKernel` has not one a kernel.
 * Cost: one pass.
 * @see arXiv:2003.02570 Sections 5.4 and 5.5; Knuth, TAOCP 3.4.2, Algorithm S
 */
export const pruneParams = (
  params: Params,
  sparsity: SparsitySpec,
  seed: number,
): E.Either<InvalidSetting, Params> => {
  const kernels = params.filter(isPrunable)
  return E.map((fractions: readonly number[]) =>
    params.map((parameter) => {
      const kernel = kernels.indexOf(parameter)
      if (kernel === -1) return parameter
      const pruned = Math.round(fractions[kernel] * parameter.values.length)
      return pruned === 0 ? parameter : prune(parameter, pruned, makeRandom(seed, `prune/${parameter.name}`))
    }),
  )(fractionsOf(sparsity, kernels))
}
