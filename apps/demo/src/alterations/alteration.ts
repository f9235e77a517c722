/** What can be done to LaPerm's trained weights to see what their places are worth: as data, and as text that is read. */
import { either as E } from 'fp-ts'
import { drawnBars } from './drawn-values.ts'

/** Values that can be dealt out by the learned ranks in place of theta_0's. */
export const dealtValues = ['theta0', 'otherSeed', 'uniform', 'gaussian', 'threeValues', 'twoValues'] as const
export type DealtValues = (typeof dealtValues)[number]

export const dealtTitles: Readonly<Record<DealtValues, string>> = {
  theta0: 'its own, as trained',
  otherSeed: 'those of another seed',
  uniform: 'uniform ones',
  gaussian: 'Gaussian ones',
  threeValues: 'only −1, 0 and 1, scaled',
  twoValues: 'only −1 and 1, scaled',
}

export type Alteration =
  /** A share of each weight vector's places, 0 to 1, is shuffled: the same values, elsewhere. */
  | { readonly kind: 'shuffle'; readonly share: number }
  /** Other values, in the learned order. */
  | { readonly kind: 'deal'; readonly values: DealtValues }
  /** Values of a drawn distribution in the learned order; the share of each bar, 0 to 1. */
  | { readonly kind: 'drawn'; readonly shares: readonly number[] }
  /** theta_0's values in the order of Adam's trained weights: all of the training as one single move. */
  | { readonly kind: 'adamOrder' }

/** @returns `Left` with the rule that what the page sent breaks. */
export const parseAlteration = (value: Readonly<Record<string, unknown>>): E.Either<string, Alteration> => {
  switch (value.kind) {
    case 'shuffle': {
      const { share } = value
      return typeof share === 'number' && share >= 0 && share <= 1
        ? E.right({ kind: 'shuffle', share })
        : E.left('the share that is shuffled must be a number from 0 to 1')
    }
    case 'deal': {
      const values = dealtValues.find((name) => name === value.values)
      return values === undefined
        ? E.left(`the values that are dealt out must be one of ${dealtValues.join(', ')}`)
        : E.right({ kind: 'deal', values })
    }
    case 'drawn': {
      const { shares } = value
      const isShare = (share: unknown): share is number =>
        typeof share === 'number' && share >= 0 && share <= 1
      return Array.isArray(shares) &&
        shares.length === drawnBars &&
        shares.every(isShare) &&
        shares.some((share) => share > 0)
        ? E.right({ kind: 'drawn', shares })
        : E.left(`a drawn distribution must have ${drawnBars} shares from 0 to 1, not all of them 0`)
    }
    case 'adamOrder':
      return E.right({ kind: 'adamOrder' })
    default:
      return E.left(`there is no alteration called ${String(value.kind)}`)
  }
}
