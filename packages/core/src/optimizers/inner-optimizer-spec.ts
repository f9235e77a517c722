/** Inner optimizers as data, with the paper's and Keras's defaults. */

/** Stochastic gradient descent: `theta -= lr * g`. */
export interface SgdSpec {
  readonly kind: 'sgd'
}

/** Keras's momentum: `v = momentum * v - lr * g; theta += v`, or Nesterov's `theta += momentum * v - lr * g`. */
export interface MomentumSpec {
  readonly kind: 'momentum'
  /** In `[0, 1)`. */
  readonly momentum: number
  readonly nesterov: boolean
}

/**
 * Adam. `keras`: `theta -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)`;
 * `tfjs`: `theta -= lr * mHat / (sqrt(vHat) + epsilon)`.
 */
export interface AdamSpec {
  readonly kind: 'adam'
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly epsilonPlacement: 'keras' | 'tfjs'
}

/** An inner optimizer as data: engines compile it, core interprets it. */
export type InnerOptimizerSpec = SgdSpec | MomentumSpec | AdamSpec

/** Plain stochastic gradient descent. */
export const sgdSpec: SgdSpec = { kind: 'sgd' }
/** Momentum 0.9, not Nesterov's. */
export const momentumSpec: MomentumSpec = { kind: 'momentum', momentum: 0.9, nesterov: false }
/** Keras's defaults: beta1 0.9, beta2 0.999, epsilon 1e-7, added to sqrt(v). */
export const adamSpec: AdamSpec = {
  kind: 'adam',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  epsilonPlacement: 'keras',
}
