/** What the thread that reads HDF5 is asked, and what it answers: one question at a time, and wishes for bytes while it answers. */
import type { CorruptFile } from '../corrupt-file.ts'
import type { StoredTensor, WeightFile } from '../weight-file.ts'
import type { LentSource, Wish } from './lent-source.ts'

/** A question. One file is open at a time. */
export type H5Request =
  | { readonly kind: 'open'; readonly lent: LentSource; readonly mostMemoryBytes: number }
  | { readonly kind: 'read'; readonly tensor: number }
  | { readonly kind: 'close' }

/** A file without its functions. */
export interface H5Index extends Omit<WeightFile, 'tensors' | 'close'> {
  readonly tensors: readonly Omit<StoredTensor, 'read'>[]
}

/** An answer, or a wish before it. */
export type H5Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'wish'; readonly wish: Wish }
  | { readonly kind: 'opened'; readonly index: H5Index }
  | { readonly kind: 'values'; readonly values: Float32Array }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly corrupt: CorruptFile; readonly isBroken: boolean }
  | { readonly kind: 'thrown'; readonly message: string }
