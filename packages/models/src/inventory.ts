/**
 * What is known of a model before anything is computed: every layer's name and shapes, every parameter.
 *
 * Engines compile from this inventory, so that names, order and shapes are the same everywhere.
 */
import type { InitializerSpec, ParameterRole } from '@laperm/core'
import type { Layer } from './layers/layer-kinds.ts'
import type { Model } from './model.ts'

/** One variable of a model, before it has values. */
export interface ParameterSpec {
  /** `<layer>/<role>`, for example `conv1/kernel`. Unique in the model. */
  readonly name: string
  /** Name of the layer that owns it. */
  readonly layer: string
  /** Keras axis order: `[kh, kw, cin, cout]`, `[in, out]`, `[n]`. */
  readonly shape: readonly number[]
  readonly role: ParameterRole
  /** Keras's fans: inputs and outputs a unit has; of a 1-D parameter both are its length. */
  readonly fanIn: number
  readonly fanOut: number
  readonly initializer: InitializerSpec
  /** Factor of its L2 penalty: `l2 * sum(w^2)` is added to the loss; 0 for none. */
  readonly l2: number
}

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
