/** Messages between a session and its worker. Every request gets exactly one reply. */
import type { Diverged } from '@laperm/core'
import type { OuterUpdate } from '@laperm/engine'
import type { Program } from '../compile/program.ts'
import type { BatchResult, ExecutorState } from '../runtime/executor.ts'

/** What a worker is started with. */
export interface WorkerSetup {
  readonly program: Program
  readonly outerUpdate: OuterUpdate
  readonly threads: number
  /** `[0]` is {@link busy} while onnxruntime is at work. */
  readonly activity: Int32Array<SharedArrayBuffer>
}

/** Values of `WorkerSetup.activity[0]`. */
export const idle = 0
export const busy = 1

export type Request =
  | { readonly kind: 'initialize'; readonly params: readonly Float32Array[] }
  | {
      readonly kind: 'trainStep'
      readonly batch: ArrayBuffer
      readonly size: number
      readonly scalars: readonly number[]
    }
  | { readonly kind: 'evaluate'; readonly batch: ArrayBuffer; readonly size: number }
  | { readonly kind: 'sync' }
  | { readonly kind: 'readParams'; readonly names: readonly string[] | undefined }
  | { readonly kind: 'readState' }
  | { readonly kind: 'writeState'; readonly state: ExecutorState }
  | { readonly kind: 'close' }

/** What each request is answered with. A batch's buffer comes back. */
export interface ReplyValues {
  readonly initialize: undefined
  readonly trainStep: BatchResult
  readonly evaluate: BatchResult
  readonly sync: undefined
  readonly readParams: readonly Float32Array[]
  readonly readState: ExecutorState
  readonly writeState: undefined
  readonly close: undefined
}

/** Why a request was not done. */
export type Failure =
  | { readonly kind: 'diverged'; readonly diverged: Diverged }
  | { readonly kind: 'failed'; readonly message: string }

export type Reply =
  | {
      readonly kind: 'done'
      readonly value: ReplyValues[keyof ReplyValues]
      readonly batch: ArrayBuffer | undefined
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly batch: ArrayBuffer | undefined }
