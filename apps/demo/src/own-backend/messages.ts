/** What the page and the worker that runs a visitor's backend say to each other. */
import type { Report } from '@laperm/conformance'

/** From the page: a module's text, or where it is. */
export interface OwnBackendRequest {
  readonly source: { readonly text: string } | { readonly address: string }
  readonly trials: number
  /** Weights of the longest vector. */
  readonly maxLength: number
}

export type OwnBackendMessage =
  | { readonly kind: 'found'; readonly name: string; readonly device: string }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'checked'; readonly report: Report; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string }
