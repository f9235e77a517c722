/** What the training worker tells the page. Plain data; large arrays are handed over, not copied. */

import type { PageEngineName } from '@laperm/engine-tfjs/engines'
import type { Alteration } from '../alterations/alteration.ts'
import type { PerContender } from '../settings/per-contender.ts'
import type { ContenderName } from '../settings/run-settings.ts'

/** Whether a backend can be used here. Told without loading it. */
export interface BackendProbe {
  readonly name: PageEngineName
  /** `software`: it would run on the CPU, and must be asked for. */
  readonly status: 'available' | 'software' | 'missing'
  /** What it runs on, or why it does not. */
  readonly detail: string
}

/** A weight matrix that can be looked at. */
export interface LayerView {
  readonly name: string
  /** Incoming weights of each neuron. */
  readonly length: number
  readonly neurons: number
  /** Side of the square that the weights make; null where they make none. */
  readonly side: number | null
}

/** A test accuracy. LaPerm's are measured right after a synchronization. */
export interface Evaluated {
  readonly optimizer: ContenderName
  readonly step: number
  readonly accuracy: number
  readonly loss: number
}

/** The weights of LaPerm's network held against theta_0, which was drawn again for that. */
export interface Proof {
  /** The synchronization after which the weights were read. */
  readonly step: number
  readonly weightVectors: number
  readonly permutedVectors: number
  readonly weights: number
  readonly movedWeights: number
  /** What no permutation binds, and Adam trains freely. */
  readonly free: readonly { readonly role: string; readonly weights: number }[]
  /** The first weight that differs, in words; null where none does. */
  readonly difference: string | null
}

/** LaPerm's mean ranking distance over one inner step, as a share of the length of a weight vector. */
export interface Distance {
  readonly step: number
  readonly value: number
}

export type TrainingState = 'idle' | 'preparing' | 'running' | 'paused'

/** What has happened since the last report. */
export interface Progress {
  readonly step: number
  readonly losses: readonly { readonly step: number; readonly values: PerContender<number> }[]
  readonly evaluations: readonly Evaluated[]
  readonly syncs: readonly number[]
  readonly distances: readonly Distance[]
  /** Null while nothing was synchronized. */
  readonly proof: Proof | null
  readonly stepsSinceSync: number
  readonly msPerStep: number
  /** 1 where every synchronization can be gone back to, 2 where every second one can, and so on. */
  readonly keptEvery: number
}

/** The incoming weights of a layer's neurons, each as an image: `[count][side * side]`. */
export interface NeuronImages {
  readonly side: number
  readonly count: number
  readonly values: Float32Array
}

/** What LaPerm's network is worth with an alteration. */
export interface Altered {
  readonly alteration: Alteration
  /** The synchronization whose weights were altered. */
  readonly step: number
  /** Of the test images that are watched while training. */
  readonly accuracy: number
  /** LaPerm's own, at that step. */
  readonly unaltered: number
  /** Of the layer that is looked at; null where its weights make no square. */
  readonly images: NeuronImages | null
}

/** LaPerm's weights as images: one neuron, and those of its layer. */
export interface NeuronView {
  /** The step after which LaPerm's weights were read: a synchronization, or 0. */
  readonly step: number
  readonly layer: string
  readonly neuron: number
  /** Null where the incoming weights make no square. */
  readonly image: {
    readonly side: number
    readonly before: Float32Array
    readonly now: Float32Array
    /** Of the weights that are in another place the largest: where they were and where they went. */
    readonly moves: readonly { readonly from: number; readonly to: number }[]
  } | null
  /** LaPerm's neurons of the layer; null where their weights make no square. */
  readonly images: NeuronImages | null
}

/** One neuron and one layer, as pictures want them. */
export interface Snapshot extends NeuronView {
  /** Sorted weight vectors, `[count][length]`, thinned: some vectors, some ranks. */
  readonly sorted: {
    readonly length: number
    readonly count: number
    /** The layer's own size. */
    readonly whole: { readonly length: number; readonly count: number }
    readonly initial: Float32Array
    readonly laperm: Float32Array
    readonly adam: Float32Array
  }
}

/** What one network says about an image. */
export interface Opinion {
  readonly network: ContenderName | 'loaded'
  /** The synchronization that was gone back to; null where it is the network as it is now. */
  readonly step: number | null
  readonly probabilities: readonly number[]
}

/** A network that came from a file. */
export interface LoadedNetwork {
  readonly file: string
  readonly model: string
  readonly trainedWith: string
  readonly seed: number
  /** Null where the file does not say. */
  readonly step: number | null
  /** Measured now, on the whole test set. */
  readonly accuracy: number
  readonly testExamples: number
  readonly data: string
  /** What the file says was measured when it was saved. */
  readonly savedAccuracy: number | null
  readonly weightVectors: number
  readonly permutedVectors: number
}

export type TrainingEvent =
  /** The worker holds the lock of its own name, which is free when it has ended. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'probed'; readonly backends: readonly BackendProbe[] }
  | { readonly kind: 'state'; readonly state: TrainingState; readonly detail: string }
  /** A reset was answered: what was said before is of a run that is gone, and nothing more will come of it. */
  | { readonly kind: 'discarded' }
  | { readonly kind: 'layers'; readonly layers: readonly LayerView[] }
  | {
      readonly kind: 'prepared'
      readonly engine: string
      readonly parameters: number
      readonly trainExamples: number
      readonly testExamples: number
      /** How many of the test examples are looked at while training. */
      readonly watchedExamples: number
      readonly data: string
    }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** The synchronization that was asked for, or the latest kept before it. */
  | { readonly kind: 'moment'; readonly view: NeuronView }
  | { readonly kind: 'altered'; readonly altered: Altered }
  /** A test image of a digit, 0 to 1, white on black. */
  | { readonly kind: 'sample'; readonly image: Float32Array }
  | { readonly kind: 'opinions'; readonly opinions: readonly Opinion[] }
  | {
      readonly kind: 'saved'
      readonly name: string
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly accuracy: number
    }
  | { readonly kind: 'loaded'; readonly network: LoadedNetwork }
  | {
      readonly kind: 'files'
      readonly present: readonly string[]
      readonly missing: readonly string[]
      readonly summary: string
    }
  /** Something that was asked for was not done; everything else is as it was. */
  | {
      readonly kind: 'refused'
      readonly about: 'alteration' | 'data' | 'network' | 'request' | 'settings'
      readonly reason: string
    }
  /** The run cannot go on. */
  | { readonly kind: 'failed'; readonly reason: string; readonly isDeviceLost: boolean }
