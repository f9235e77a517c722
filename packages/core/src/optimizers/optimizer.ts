/** What an optimizer is: a pair of pure functions with explicit state. */
import type { Gradients, Params } from '../parameter.ts'

/**
 * An optimizer as two pure functions.
 *
 * `step` returns NEW PARAMETERS, never deltas: `a + (b - a) != b` in float32, and a permutation must be exact.
 *
 * @typeParam State plain data; everything that must be saved for an exact resume.
 */
export interface Optimizer<State> {
  readonly name: string
  /** State before the first step. */
  readonly init: (params: Params) => State
  /** One update. Neither gradients, state nor params are written. */
  readonly step: (gradients: Gradients, state: State, params: Params) => readonly [Params, State]
}
