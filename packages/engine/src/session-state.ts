/** Everything that a session carries from step to step. */
import type { Params } from '@laperm/core'

/** Everything a session needs to go on bit for bit. Plain data. */
export interface SessionState {
  /** The parameters as they are now (Lookahead's fast weights), in the inventory's order. */
  readonly params: Params
  /** Inner optimizer's slots, one entry a slot (`m`, `v`, `velocity`), each with one array a TRAINABLE parameter in order. */
  readonly slots: Readonly<Record<string, readonly Float32Array[]>>
  /** Lookahead's slow weights, one array a trainable parameter; empty for the other updates. */
  readonly slow: readonly Float32Array[]
}
