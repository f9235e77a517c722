/**
 * Networks as data. A model says what is computed, never how: engines interpret it.
 */
import type { ParameterRole } from '@laperm/core'
import type { Layer } from './layers/layer-kinds.ts'
import type { ModelInitializers } from './parameter-spec.ts'

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
