/** Bringing a run's files into a store: those that have changed since they were last brought. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectStore, StoreUnavailable } from '@laperm/store'
import { either as E } from 'fp-ts'
import { errorCodeOf } from '../run-errors.ts'
import { mirroredFiles } from './stored-files.ts'

/** Brings the files of one run; remembers what it has brought. */
export interface FileMirror {
  /** Bring what has changed, and remove what is gone. Ends early, with `Right`, when the run is no longer this process's. */
  readonly push: (directory: string) => Promise<E.Either<StoreUnavailable, void>>
}

/** Tells a file from what stood at its path before; null where there is none. */
const signatureOf = async (path: string): Promise<string | null> => {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null
    throw error
  }
}

/**
 * @param run its name in the store.
 * @param stored files that the store has.
 * @param mayWrite asked before each file.
 */
export const makeFileMirror = (
  store: ObjectStore,
  run: string,
  stored: Iterable<string>,
  mayWrite: () => boolean,
): FileMirror => {
  const there = new Set(stored)
  const brought = new Map<string, string>()
  return {
    push: async (directory) => {
      for (const file of mirroredFiles) {
        if (!mayWrite()) return E.right(undefined)
        const path = join(directory, file)
        const signature = await signatureOf(path)
        if (signature === null || brought.get(file) === signature) continue
        const uploaded = await store.upload(`${run}/${file}`, path)()
        if (E.isLeft(uploaded)) return uploaded
        brought.set(file, signature)
        there.add(file)
      }
      // Last of all: a run that has finished has no checkpoint, and its summary is there by now.
      for (const file of mirroredFiles.filter((name) => there.has(name))) {
        if (!mayWrite()) return E.right(undefined)
        if ((await signatureOf(join(directory, file))) !== null) continue
        const removed = await store.remove(`${run}/${file}`)()
        if (E.isLeft(removed)) return removed
        there.delete(file)
        brought.delete(file)
      }
      return E.right(undefined)
    },
  }
}
