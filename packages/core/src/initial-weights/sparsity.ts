/**
 * Random sparsity: pruning initial weights to zero before training, as in Sections 5.4 and 5.5.
 *
 * Pruned weights are not frozen. A zero is a value like any other, which reconnection may put elsewhere.
 */
import * as E from '../either.ts'
import type { Parameter, Params } from '../parameter.ts'
import { makeRandom, type Random } from '../random/random.ts'
import { checkKind, checkList, checkSetting } from '../settings/checks.ts'
import { refuse, type SettingError, settle } from '../settings/setting-problem.ts'
import { share } from '../settings/setting-rule.ts'

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

/**
 * Check a sparsity from outside.
 *
 * @param kernels how many the network has.
 * @param setting what it is called in errors.
 * @returns `Left` naming the first fraction outside `[0, 1)`, or when `perKernel` has not one a kernel.
 */
export const checkSparsity = (
  value: unknown,
  kernels: number,
  setting = 'sparsity',
): E.Either<SettingError, SparsitySpec> =>
  settle(() => {
    const [kind, record] = checkKind<SparsitySpec['kind']>(setting, value, {
      none: [],
      uniform: ['fraction'],
      perKernel: ['fractions'],
    })
    switch (kind) {
      case 'none':
        return { kind }
      case 'uniform':
        return { kind, fraction: checkSetting(`${setting}.fraction`, record.fraction, share) }
      case 'perKernel': {
        const fractions = checkList(`${setting}.fractions`, record.fractions).map((item, i) =>
          checkSetting(`${setting}.fractions[${i}]`, item, share),
        )
        return fractions.length === kernels
          ? { kind, fractions }
          : refuse(setting, fractions, `the model has ${kernels} kernels, and each needs its fraction`)
      }
      default:
        return kind satisfies never
    }
  })

/** The fraction of each kernel by a checked sparsity. */
const fractionOf = (sparsity: SparsitySpec, kernel: number): number => {
  switch (sparsity.kind) {
    case 'none':
      return 0
    case 'uniform':
      return kernel === 0 ? Math.min(sparsity.fraction, firstKernelMaxFraction) : sparsity.fraction
    case 'perKernel':
      return sparsity.fractions[kernel]
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
 * @returns `Left` when a fraction is outside `[0, 1)`, or when `perKernel` has not one a kernel.
 * Cost: one pass.
 * @see arXiv:2003.02570 Sections 5.4 and 5.5; Knuth, TAOCP 3.4.2, Algorithm S
 */
export const pruneParams = (
  params: Params,
  sparsity: SparsitySpec,
  seed: number,
): E.Either<SettingError, Params> => {
  const kernels = params.filter(isPrunable)
  return E.map((checked: SparsitySpec) =>
    params.map((parameter) => {
      const kernel = kernels.indexOf(parameter)
      if (kernel === -1) return parameter
      const pruned = Math.round(fractionOf(checked, kernel) * parameter.values.length)
      return pruned === 0 ? parameter : prune(parameter, pruned, makeRandom(seed, `prune/${parameter.name}`))
    }),
  )(checkSparsity(sparsity, kernels.length))
}
