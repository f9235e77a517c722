/** A variable of a model, before it has values. */
import type { InitializerSpec, ParameterRole } from '@laperm/core'

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

/** How a network's parameters start. Gamma starts at one, beta and moving mean at zero, moving variance at one. */
export interface ModelInitializers {
  readonly kernel: InitializerSpec
  readonly bias: InitializerSpec
}
