/**
 * Named parameters with a role. What is permuted is decided by the role, never by matching names.
 */

import type { NeuronAxes } from './neuron-axes.ts'

/** What a parameter is for. Moving averages are kept by batch normalization and are not trained. */
export type ParameterRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'movingMean' | 'movingVariance'

/** One variable of a network: a name, a shape, a role and its float32 values (row-major, Keras axis order). */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly role: ParameterRole
  readonly values: Float32Array
  /** The axes that count its neurons, where it is not the last one alone. */
  readonly neuronAxes?: NeuronAxes
}

/** All parameters of a network, in the model's order. */
export type Params = readonly Parameter[]

/** One gradient a parameter, in the order of {@link Params}; each as long as the parameter's values. */
export type Gradients = readonly Float32Array[]

/** Roles that the inner optimizer trains; the others are kept by the layer itself. */
export const isTrainable = (role: ParameterRole): boolean =>
  role !== 'movingMean' && role !== 'movingVariance'
