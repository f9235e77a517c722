/**
 * Every law that is checked on generated trials.
 */
import type { Law } from '../law.ts'
import {
  keepsBits,
  permuteEqualsReference,
  rankEqualsReference,
  sortEqualsReference,
  syncEqualsReference,
} from './equals-reference.ts'
import { keepsNeurons } from './neuron-axes.ts'
import { tiesKeepIndexOrder, zerosAreEqual } from './order.ts'
import { refusesNaN, refusesOtherSizes } from './refusals.ts'
import {
  commutesWithPermutingVectors,
  holdsSortedValues,
  ignoresPowersOfTwo,
  isIdempotent,
  keepsInitialWeights,
  keepsRanking,
  neverWritesInputs,
} from './synchronization.ts'

/** In the order of `lawNames`; golden cases, which are not generated, come last there and are not here. */
export const laws: readonly Law[] = [
  keepsBits,
  sortEqualsReference,
  rankEqualsReference,
  permuteEqualsReference,
  syncEqualsReference,
  tiesKeepIndexOrder,
  zerosAreEqual,
  holdsSortedValues,
  keepsRanking,
  isIdempotent,
  keepsInitialWeights,
  commutesWithPermutingVectors,
  ignoresPowersOfTwo,
  keepsNeurons,
  neverWritesInputs,
  refusesNaN,
  refusesOtherSizes,
]
