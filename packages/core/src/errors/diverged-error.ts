/**
 * How the fast API says that a weight is NaN. The checked API turns it into `Left(Diverged)`.
 */

/**
 * A weight is NaN: training has diverged. Thrown by the `into` functions before anything is written.
 *
 * It knows the place but not the variable; the caller that knows the name adds it.
 */
export class DivergedError extends Error {
  readonly _tag = 'Diverged'
  /** Index of the weight vector (the neuron). */
  readonly vector: number
  /** Index of the weight within its vector. */
  readonly index: number

  constructor(vector: number, index: number) {
    super(`Weight ${index} of vector ${vector} is NaN: training has diverged. Nothing was permuted.`)
    this.name = 'DivergedError'
    this.vector = vector
    this.index = index
  }
}
