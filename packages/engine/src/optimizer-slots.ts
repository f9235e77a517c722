/** Which arrays each inner optimizer keeps. */
import { type InnerOptimizerSpec, makeInnerOptimizer } from '@laperm/core'

/** Names of an inner optimizer's slots, in order: each is one array a trainable parameter, zero at first. */
export const slotNamesOf = (spec: InnerOptimizerSpec): readonly string[] =>
  Object.keys(makeInnerOptimizer(spec, 0).init([]).slots)
