/**
 * What a trained network is changed to and measured as, without more training: how much its order alone is worth, and whether its values matter.
 *
 * Only kernels change; biases and batch normalization stay as they were trained.
 */
import type { CommonProfileKind } from '@laperm/analysis'

/**
 * - `asTrained`: the network itself, on the whole test set.
 * - `shared`: every kernel weight that is not zero becomes `value`, what Gaier and Ha sweep in weight agnostic networks.
 * - `located`: each weight vector gets the values `theta` of its layer, dealt out by rank.
 * - `otherSeed`: each weight vector gets its initial weights of another seed, dealt out by rank.
 * - `shuffled`: each weight vector keeps its values, at places drawn at random: the control.
 *
 * @see Gaier and Ha 2019, arXiv:1906.04358; arXiv:2003.02570 Section 5.3
 */
export type Variant =
  | { readonly kind: 'asTrained' | 'otherSeed' | 'shuffled' }
  | { readonly kind: 'shared'; readonly value: number }
  | { readonly kind: 'located'; readonly theta: CommonProfileKind }

const located: Readonly<Record<CommonProfileKind, string>> = {
  mean: 'the layer\u2019s mean values, by rank',
  two: 'two values, by rank',
  three: 'three values, by rank',
  gaussian: 'Gaussian values, by rank',
  uniform: 'uniform values, by rank',
}

/** What a variant is called in figures and files; tells variants apart. */
export const variantLabel = (variant: Variant): string => {
  switch (variant.kind) {
    case 'asTrained':
      return 'as trained'
    case 'otherSeed':
      return 'another seed\u2019s values, by rank'
    case 'shuffled':
      return 'its own values, at random'
    case 'shared':
      return `all ${variant.value}`
    case 'located':
      return located[variant.theta]
    default:
      return variant satisfies never
  }
}
