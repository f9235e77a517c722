/** Reading a file that nobody writes meanwhile: of one that changes the bytes are neither the old ones nor the new ones. */
import { stat } from 'node:fs/promises'
import { DataProblem } from '../data-problem.ts'

interface Version {
  readonly text: string
  readonly sizeBytes: number
}

/** Tells a file from what stands at its path later; null where nothing does. */
const versionOf = async (path: string): Promise<Version | null> => {
  const found = await stat(path, { bigint: true }).catch(() => null)
  return found === null
    ? null
    : { text: `${found.ino} ${found.size} ${found.mtimeNs}`, sizeBytes: Number(found.size) }
}

/**
 * Read, and make sure that what stands at the path is still what was read.
 *
 * @param read may open the file several times. What it throws is told only of a file that stayed as it was.
 * @throws DataProblem with `FileChanged`.
 */
export const whileUnchanged = async <A>(path: string, read: () => Promise<A>): Promise<A> => {
  const before = await versionOf(path)
  const requireSame = async (): Promise<void> => {
    const after = await versionOf(path)
    // Where nothing was, reading says so.
    if (before !== null && before.text !== after?.text)
      throw new DataProblem({
        _tag: 'FileChanged',
        file: path,
        beforeBytes: before.sizeBytes,
        afterBytes: after?.sizeBytes ?? null,
      })
  }
  try {
    const result = await read()
    await requireSame()
    return result
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) await requireSame()
    throw error
  }
}
