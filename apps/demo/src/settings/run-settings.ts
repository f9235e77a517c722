/** Everything that decides a run of the demo: the same settings give the same run, so a link is made of them. */
import type { InitializerSpec } from '@laperm/core'

export const modelNames = ['f2', 'mlp', 'conv7-small'] as const
export type ModelName = (typeof modelNames)[number]

/** `files`: MNIST or a relative, from the files that the visitor gave. */
export const dataNames = ['digits', 'files'] as const
export type DataName = (typeof dataNames)[number]

export const engineNames = ['wasm', 'webgl', 'webgpu'] as const
export type EngineName = (typeof engineNames)[number]

/** In the order in which pages and charts show them. */
export const optimizerNames = ['laperm', 'adam', 'lookahead'] as const
export type OptimizerName = (typeof optimizerNames)[number]

/** How the kernels' initial weights are drawn; the names of core's initializers. */
export const distributionNames = [
  'heUniform',
  'heNormal',
  'glorotUniform',
  'glorotNormal',
  'lecunUniform',
  'lecunNormal',
  'equidistant',
  'sharedValue',
] as const satisfies readonly InitializerSpec['kind'][]
export type DistributionName = (typeof distributionNames)[number]

/** What is done to a pixel; the names of the data package. */
export const inputNames = ['unit', 'unit-minus-mean'] as const
export type InputName = (typeof inputNames)[number]

/** A run before it is drawn. */
export interface RunSettings {
  readonly model: ModelName
  readonly data: DataName
  readonly backend: EngineName
  /** Also take a GPU that is a program on the CPU. */
  readonly software: boolean
  /** Decides initial weights, pruning, the order of examples and dropout. */
  readonly seed: number
  /** The paper's k. */
  readonly syncPeriod: number
  /** Fraction of the initial weights that is pruned to zero; at most 20% of the first kernel. */
  readonly sparsity: number
  readonly distribution: DistributionName
  /** What every weight is where the distribution is `sharedValue`. */
  readonly sharedValue: number
  readonly learningRate: number
  readonly batchSize: number
  /** Lookahead's own k and alpha. */
  readonly lookaheadPeriod: number
  readonly slowStepSize: number
  readonly inputs: InputName
  /** Where a run pauses by itself. */
  readonly steps: number
}

/** Shows what the page is about within a minute on any machine. */
export const defaultSettings: RunSettings = {
  model: 'f2',
  data: 'digits',
  backend: 'wasm',
  software: false,
  seed: 1,
  syncPeriod: 20,
  sparsity: 0,
  distribution: 'heUniform',
  sharedValue: 0.03,
  learningRate: 1e-3,
  batchSize: 64,
  lookaheadPeriod: 5,
  slowStepSize: 0.5,
  inputs: 'unit',
  steps: 1000,
}

/** The initializer that the settings mean. */
export const initializerOf = ({ distribution, sharedValue }: RunSettings): InitializerSpec =>
  distribution === 'sharedValue' ? { kind: 'sharedValue', value: sharedValue } : { kind: distribution }
