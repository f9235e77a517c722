/** What the page and its worker say to each other. */
import type { Report } from '@laperm/conformance'

/** Backends that a browser may have, each followed by what the engine on it uses, in the order in which they are verified. */
export const backendNames = [
  'core',
  'wasm',
  'wasm tensors',
  'webgl',
  'webgl tensors',
  'webgpu',
  'webgpu tensors',
] as const
export type BackendName = (typeof backendNames)[number]

/** From the page. */
export interface VerifyRequest {
  readonly trials: number
  /** Weights of the longest vector. */
  readonly maxLength: number
  readonly allowSoftware: boolean
}

/** From the worker: how far a backend is, what became of it, and the end. */
export type VerifyMessage =
  | { readonly kind: 'progress'; readonly name: BackendName; readonly done: number; readonly total: number }
  | {
      readonly kind: 'verified'
      readonly name: BackendName
      readonly device: string
      readonly report: Report
    }
  | {
      readonly kind: 'unavailable'
      readonly name: BackendName
      readonly reason: string
      readonly remedy: string
    }
  | { readonly kind: 'done' }
