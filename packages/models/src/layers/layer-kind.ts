/** What a kind of layer is: its settings, its rule of shapes, its parameters. A file of this folder is one kind. */
import type { InitializerSpec, ParameterRole } from '@laperm/core'
import type { InferredLayer, ParameterSpec } from '../inventory.ts'
import type { ModelInitializers } from '../model.ts'
import type { SettingsOf } from '../parse/record.ts'
import type { Layer } from './layer-kinds.ts'

/** Where a layer stands in a model, for its rule of shapes. */
export interface LayerSite {
  /** Its name in the inventory: `conv3`. */
  readonly name: string
  /** Without the batch axis. */
  readonly inputShape: readonly number[]
  /** Whether it is the last layer of the whole model. */
  readonly isLast: boolean
  readonly initializers: ModelInitializers
  /** Stop: the layer does not fit here. */
  readonly refuse: (reason: string) => never
  /** Infer layers inside this one, on its input; `key` is where they stand in it. */
  readonly inferBranch: (key: string, layers: readonly Layer[]) => InferredBranch
}

/** Layers inside a layer, inferred. */
export interface InferredBranch {
  readonly layers: readonly InferredLayer[]
  readonly outputShape: readonly number[]
}

/** What a layer's rule gives. */
export interface Inference {
  readonly outputShape: readonly number[]
  /** Of the layer itself, in the inventory's order; none by default. Those of branches are added. */
  readonly parameters?: readonly ParameterSpec[]
  readonly body?: readonly InferredLayer[]
  readonly shortcut?: readonly InferredLayer[]
}

/** A kind of layer. */
export interface LayerKind<L> {
  /** Layers are named after it: `conv` gives conv1, conv2. */
  readonly baseName: string
  /** Every key of the layer: its rule and its default, which the maker has too. */
  readonly settings: SettingsOf<L>
  /** Shapes and parameters; the settings already keep their rules. */
  readonly infer: (layer: L, site: LayerSite) => Inference
}

/** A parameter of a layer. */
export const parameterOf = (
  { name }: LayerSite,
  role: ParameterRole,
  rest: Pick<ParameterSpec, 'shape' | 'fanIn' | 'fanOut' | 'initializer' | 'l2'>,
): ParameterSpec => ({ name: `${name}/${role}`, layer: name, role, ...rest })

/** A parameter with a value a unit or channel. */
export const vectorOf = (
  site: LayerSite,
  role: ParameterRole,
  size: number,
  initializer: InitializerSpec,
): ParameterSpec => parameterOf(site, role, { shape: [size], fanIn: size, fanOut: size, initializer, l2: 0 })
