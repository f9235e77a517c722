/** NumPy's .npz archives: a zip of .npy files, each bounded by its announced size and compared with its check value. */
import { type ByteSource, FileRefusal } from '@laperm/formats'
import { openFileSource } from '@laperm/formats/node'
import { either as E } from 'fp-ts'
import { DataProblem } from '../data-problem.ts'
import { parseNpy } from '../formats/npy.ts'
import type { NumberArray } from '../formats/number-array.ts'
import { refuseDataset } from '../make-dataset.ts'

/** Members in one archive, at most: the directory of a zip can name 65,536 with nothing in them. */
const mostMembers = 1000

/** A zip that could not be read, as one of ours. */
const corrupt = (file: string, expected: string, found: string): DataProblem =>
  new DataProblem({ _tag: 'CorruptArchive', file, reason: `expected ${expected}, found ${found}` })

const readMembers = async (
  source: ByteSource,
  keys: readonly string[],
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, NumberArray>> => {
  const { path } = source
  const { openZip } = await import('@laperm/formats/npz')
  const members = await openZip(source)
  if (members.length > mostMembers)
    refuseDataset(path, 'the number of its members', String(members.length), `must be at most ${mostMembers}`)
  const arrays = new Map<string, NumberArray>()
  for (const { name, sizeBytes, readWhole } of members) {
    signal?.throwIfAborted()
    const key = keys.find((each) => name === `${each}.npy`)
    if (key === undefined) continue
    const file = `${path}: ${name}`
    if (sizeBytes > maxBytes) throw new DataProblem({ _tag: 'TooLarge', file, limitBytes: maxBytes })
    arrays.set(key, parseNpy(file, await readWhole()))
  }
  return arrays
}

/**
 * Read arrays of an archive.
 *
 * @param keys the names given to `np.savez`; other members are not read.
 * @param maxBytes no member may be longer.
 * @returns those of the keys that are in it.
 * @throws DataProblem with `CorruptArchive`, `TooLarge` or `InvalidDataset`; the signal's reason.
 */
export const readNpz = async (
  path: string,
  keys: readonly string[],
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, NumberArray>> => {
  const opened = await openFileSource(path)()
  if (E.isLeft(opened)) throw corrupt(path, opened.left.expected, opened.left.found)
  const source = opened.right
  try {
    return await readMembers(source, keys, maxBytes, signal)
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    throw corrupt(error.corrupt.path, error.corrupt.expected, error.corrupt.found)
  } finally {
    await source.close()
  }
}
