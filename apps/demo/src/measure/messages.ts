/** What the page and its measuring worker say to each other. */
import type { BackendName } from '../verify/messages.ts'

/** Backends that are measured, as far as the browser has them. */
export const measuredBackends = ['core', 'wasm', 'webgl', 'webgpu'] as const satisfies readonly BackendName[]
export type MeasuredBackend = (typeof measuredBackends)[number]

/** Networks whose kernels are synchronized. */
export const measuredModels = ['f1', 'f2', 'mlp', 'conv7'] as const
export type MeasuredModel = (typeof measuredModels)[number]

/** From the page. */
export interface MeasureRequest {
  readonly model: MeasuredModel
  readonly rounds: number
  readonly allowSoftware: boolean
}

/** Milliseconds of one synchronization of all kernels. */
export interface Timing {
  readonly name: MeasuredBackend
  readonly device: string
  readonly medianMs: number
  readonly quartilesMs: readonly [number, number]
}

/** From the worker. */
export type MeasureMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'unavailable'; readonly name: MeasuredBackend; readonly reason: string }
  | { readonly kind: 'done'; readonly weights: number; readonly timings: readonly Timing[] }
