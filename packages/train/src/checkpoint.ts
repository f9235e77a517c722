/** Everything that a training loop needs to go on bit for bit. */
import type { Params } from '@laperm/core'
import type { SessionState } from '@laperm/engine'
import type { LoopPosition } from './loop-position.ts'

/** A training loop between two stages. Plain data; whoever holds it owns it. */
export interface Checkpoint {
  readonly position: LoopPosition
  readonly state: SessionState
  /** The last good weights: LaPerm's at the last synchronization that was kept, theta_0 before the first. */
  readonly kept: Params
  /** The weights of the best evaluation; null before the first. */
  readonly best: Params | null
  /** The kernels whose ranking distance is recorded, as they were when it was last measured; none where it is not. */
  readonly ranked: Params
  /** Time spent training and evaluating, summed over interruptions. The only field that is not the same in every run. */
  readonly elapsedMs: number
}
