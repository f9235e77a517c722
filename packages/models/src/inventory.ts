/**
 * What is known of a model before anything is computed: every layer's name and shapes, every parameter.
 *
 * Engines compile from this inventory, so that names, order and shapes are the same everywhere.
 */
import type { Layer } from './layers/layer-kinds.ts'
import type { Model } from './model.ts'
import type { ParameterSpec } from './parameter-spec.ts'

/** A layer with everything that follows from its place in the model. Shapes are without the batch axis. */
export interface InferredLayer {
  readonly layer: Layer
  /** The kind's base name and a number, counted over the whole model: `conv3`, `dense1`. */
  readonly name: string
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  readonly parameters: readonly ParameterSpec[]
  /** Of a residual layer: its two branches, inferred; empty otherwise. */
  readonly body: readonly InferredLayer[]
  readonly shortcut: readonly InferredLayer[]
}

/** A whole model, inferred. */
export interface InferredModel {
  readonly model: Model
  readonly layers: readonly InferredLayer[]
  /** Every parameter in layer order; within a residual layer the body comes before the shortcut. */
  readonly parameters: readonly ParameterSpec[]
  readonly outputShape: readonly number[]
}
