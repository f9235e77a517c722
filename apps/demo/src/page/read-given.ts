/** A visitor's file into memory: only where its size and its first bytes say that it may be what is wanted. */
import { either as E } from 'fp-ts'
import type { GivenFile } from '../messages/requests.ts'
import { beginningBytes, refuseBeginning, type WantedFile } from './file-beginning.ts'

/** MNIST's largest file is 47 MB unpacked; what is much larger is none of what this page reads. */
const mostBytes = 256 * 2 ** 20

/** @returns `Left` with why the file is not read, in words. */
export const readGiven = async (file: File, wanted: WantedFile): Promise<E.Either<string, GivenFile>> => {
  const { name, size } = file
  try {
    const first = new Uint8Array(await file.slice(0, beginningBytes).arrayBuffer())
    const refusal = refuseBeginning(name, first, wanted)
    if (refusal !== null) return E.left(refusal)
    if (size > mostBytes)
      return E.left(
        `“${name}” has ${Math.round(size / 2 ** 20).toLocaleString('en')} MB; this page reads files of up to ${mostBytes / 2 ** 20} MB.`,
      )
    return E.right({ name, bytes: new Uint8Array(await file.arrayBuffer()) })
  } catch (error) {
    return E.left(
      `“${name}” could not be read (${error instanceof Error ? error.message : String(error)}). A folder is none; is the file still there?`,
    )
  }
}
