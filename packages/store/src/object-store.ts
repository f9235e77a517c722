/**
 * The contract of a store: files under names, which many machines write and read. A name has the whole file or none, and who writes on a condition
 * learns whether somebody else came first.
 *
 * A store knows nothing of runs. The one in a directory is `openDirectoryStore`; one that speaks S3 is a package of its own. `checkStore` of
 * `@laperm/conformance/store` are the laws that each keeps.
 */
import type { taskEither as TE } from 'fp-ts'
import type { StoreUnavailable } from './store-errors.ts'

/** Most bytes that {@link ObjectStore.read} and {@link ObjectStore.write} take: they hold all of them in memory. */
export const mostSmallBytes = 16_000_000

/** An object as a list has it. */
export interface StoredObject {
  /** Of segments between slashes, each of letters, digits and `.`, `_`, `-`, `@`, `=`, `+`. */
  readonly name: string
  readonly sizeBytes: number
}

/** A small object that was read. */
export interface ReadObject {
  readonly bytes: Uint8Array
  /** Other bytes have another version; equal bytes may have the same. */
  readonly version: string
  /** Time since it was written, by the clock of the store alone. */
  readonly ageMs: number
}

/** What must hold for a write to happen: there is no such object, or it has this version. */
export type WriteCondition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'version'; readonly version: string }

/** What became of a write. `refused`: its condition did not hold, and nothing was written. */
export type Written = { readonly kind: 'written'; readonly version: string } | { readonly kind: 'refused' }

/** A store, or this process's hold on one that others share. Any number of calls may be made at once. */
export interface ObjectStore {
  /** For people, without secrets: `s3://bucket/prefix`. */
  readonly name: string
  /** Objects whose names begin so, in the order of their names. Those written before the call are all there. */
  readonly list: (prefix: string) => TE.TaskEither<StoreUnavailable, readonly StoredObject[]>
  /**
   * Read a small object.
   *
   * @returns null where there is none. `Left` where it has more than `mostBytes`.
   */
  readonly read: (name: string, mostBytes: number) => TE.TaskEither<StoreUnavailable, ReadObject | null>
  /** Write a small object on a condition. Of several at once with one condition exactly one is written. */
  readonly write: (
    name: string,
    bytes: Uint8Array,
    condition: WriteCondition,
  ) => TE.TaskEither<StoreUnavailable, Written>
  /**
   * Read an object of any size into a file, which is made or written over; with a `Left` it holds a part. Memory is bounded.
   *
   * @returns false where there is no such object, and no file then.
   */
  readonly fetch: (name: string, path: string) => TE.TaskEither<StoreUnavailable, boolean>
  /** Write an object of any size out of a file, as it is when the call begins; the file may grow meanwhile. Memory is bounded. */
  readonly upload: (name: string, path: string) => TE.TaskEither<StoreUnavailable, void>
  /** Remove an object; harmless where there is none. */
  readonly remove: (name: string) => TE.TaskEither<StoreUnavailable, void>
  /** Let go of connections. */
  readonly close: () => Promise<void>
}

const segment = /^[\w.@=+-]+$/

/** Whether a text can be an object's name on every store. */
export const isObjectName = (name: string): boolean =>
  name.length <= 512 && name.split('/').every((part) => segment.test(part) && !/^\.{1,2}$/.test(part))

/** The name as it is. @throws RangeError for one that no store takes. */
export const checkObjectName = (name: string): string => {
  if (!isObjectName(name))
    throw new RangeError(
      `'${name}' is no object's name: segments of letters, digits and ._-@=+ between slashes, 512 characters in all`,
    )
  return name
}
