/** What the laws of stores work with: the store to be checked, and short words for what its answers must be. */
import type { ObjectStore, StoreUnavailable, WriteCondition, Written } from '@laperm/store'
import { either as E, type taskEither as TE } from 'fp-ts'

/** A store to be checked. */
export interface StoreSubject {
  /** For the report. */
  readonly name: string
  /** A new, empty store. */
  readonly make: () => Promise<SharedStore>
  /** A folder for files of the laws, empty; the caller removes it. */
  readonly folder: string
}

/** One store, as many processes see it. */
export interface SharedStore {
  /** Another hold on it. */
  readonly open: () => Promise<ObjectStore>
  /** Close every hold and remove what was stored. */
  readonly remove: () => Promise<void>
}

/** Stop with what is wrong. */
export const require = (holds: boolean, problem: string): void => {
  if (!holds) throw new Error(problem)
}

/** The answer, where there must be one. */
export const answer = async <A>(what: string, task: TE.TaskEither<StoreUnavailable, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(`${what} is answered with ${JSON.stringify(result.left)}`)
  return result.right
}

export const absent: WriteCondition = { kind: 'absent' }

/** Bytes of a text. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The text of a small object; null where there is none. */
export const textIn = async (store: ObjectStore, name: string): Promise<string | null> => {
  const found = await answer(`read ${name}`, store.read(name, 1000))
  return found === null ? null : new TextDecoder().decode(found.bytes)
}

/** Write, which must happen. @returns the new version. */
export const mustWrite = async (
  store: ObjectStore,
  name: string,
  text: string,
  condition: WriteCondition,
): Promise<string> => {
  const written: Written = await answer(`write ${name}`, store.write(name, bytesOf(text), condition))
  if (written.kind === 'refused') throw new Error(`${name} is not written, though its condition holds`)
  return written.version
}

/** Bytes of which no two parts are alike: a part that is lost, doubled or moved shows. */
export const countingBytes = (length: number): Uint8Array => {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, (_, i) => i)
  return new Uint8Array(words.buffer, 0, length)
}
