/** Which arrays each inner optimizer keeps. */
import type { InnerOptimizerSpec } from '@laperm/core'

const names = {
  sgd: [],
  momentum: ['velocity'],
  adam: ['m', 'v'],
} as const satisfies Record<InnerOptimizerSpec['kind'], readonly string[]>

/** Names of an inner optimizer's slots, in order: each is one array a trainable parameter, zero at first. */
export const slotNamesOf = ({ kind }: InnerOptimizerSpec): readonly string[] => names[kind]
