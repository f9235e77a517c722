/** What a kind of layer is: its settings, its rule of shapes, its parameters, what it computes. A file of this folder is one kind. */
import type { InitializerSpec, ParameterRole } from '@laperm/core'
import type { ModelInitializers, ParameterSpec } from '../parameter-spec.ts'
import type { SettingsOf } from '../parse/record.ts'
import type { Applied, Site64 } from './layer64.ts'

/** Where a layer stands in a model, for its rule of shapes. `Inner` are the layers that it may hold. */
export interface LayerSite<Inner = never> {
  /** Its name in the inventory: `conv3`. */
  readonly name: string
  /** Without the batch axis. */
  readonly inputShape: readonly number[]
  /** Whether it is the last layer of the whole model. */
  readonly isLast: boolean
  readonly initializers: ModelInitializers
  /** Stop: the layer does not fit here. */
  readonly refuse: (reason: string) => never
  /** Infer the layers of a branch on this layer's input; gives the shape of the branch's output. */
  readonly inferBranch: (branch: Branch, layers: readonly Inner[]) => readonly number[]
}

/** The key under which a layer holds layers. */
export type Branch = 'body' | 'shortcut'

/** What a layer's rule gives. */
export interface Inference {
  readonly outputShape: readonly number[]
  /** Of the layer itself, in the inventory's order; none by default. Those of branches are added. */
  readonly parameters?: readonly ParameterSpec[]
}

/** A kind of layer. `Inner` are the layers that one of it may hold. */
export interface LayerKind<L, Inner = never> {
  /** Layers are named after it: `conv` gives conv1, conv2. */
  readonly baseName: string
  /** Every key of the layer: its rule and its default, which the maker has too. */
  readonly settings: SettingsOf<L>
  /** Shapes and parameters; the settings already keep their rules. */
  readonly infer: (layer: L, site: LayerSite<Inner>) => Inference
  /** What it computes in a training step, by definition, and its gradients. */
  readonly differentiate: (layer: L, site: Site64) => Applied
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
