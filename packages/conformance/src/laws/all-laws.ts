/**
 * Every law that is checked on generated trials.
 */
import type { Law } from '../law.ts'
import { refusesNaN } from './diverged.ts'
import {
  keepsBits,
  permuteEqualsCore,
  rankEqualsCore,
  sortEqualsCore,
  syncEqualsCore,
} from './equals-core.ts'
import { tiesKeepIndexOrder, zerosAreEqual } from './order.ts'
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
  sortEqualsCore,
  rankEqualsCore,
  permuteEqualsCore,
  syncEqualsCore,
  tiesKeepIndexOrder,
  zerosAreEqual,
  holdsSortedValues,
  keepsRanking,
  isIdempotent,
  keepsInitialWeights,
  commutesWithPermutingVectors,
  ignoresPowersOfTwo,
  neverWritesInputs,
  refusesNaN,
]
