/**
 * Networks as data. A model says what is computed, never how: engines interpret it.
 */
import type { InitializerSpec, ParameterRole } from '@laperm/core'
import type { Layer } from './layers/layer-kinds.ts'

/** How a network's parameters start. Gamma starts at one, beta and moving mean at zero, moving variance at one. */
export interface ModelInitializers {
  readonly kernel: InitializerSpec
  readonly bias: InitializerSpec
}

/** A network as data: plain JSON, which `parseModel` reads back. */
export interface Model {
  /** Short name as a person would type it: `conv7`. */
  readonly name: string
  /** `[height, width, channels]`, channels last. */
  readonly inputShape: readonly number[]
  readonly layers: readonly Layer[]
  readonly initializers: ModelInitializers
  /** Roles that LaPerm permutes; every other trainable parameter is left to the inner optimizer. */
  readonly permutedRoles: readonly ParameterRole[]
}
