/**
 * NumPy's .npz archives: a zip of .npy files. `yauzl` reads the zip as a stream and bounds each member by its announced size; the check
 * values are compared here, since it leaves that to its callers.
 */
import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { DataProblem } from '../data-problem.ts'
import { parseNpy } from '../formats/npy.ts'
import type { NumberArray } from '../formats/number-array.ts'
import { refuseDataset } from '../make-dataset.ts'

/** Members in one archive, at most: the directory of a zip can name 65,536 with nothing in them. */
const mostMembers = 1000

/** What yauzl or zlib could not read, as one of ours; the file system's errors, ours and the signal's reason are thrown on. */
const corrupt = (file: string, error: unknown, signal: AbortSignal | undefined): unknown =>
  !(error instanceof Error) || error instanceof DataProblem || 'syscall' in error || signal?.aborted === true
    ? error
    : new DataProblem({ _tag: 'CorruptArchive', file, reason: error.message })

const readMember = async (
  file: string,
  stream: Readable,
  { uncompressedSize, crc32: expected }: Entry,
): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = []
  let check = 0
  for await (const piece of stream) {
    check = crc32(piece, check)
    pieces.push(piece)
  }
  const bytes = Buffer.concat(pieces)
  if (bytes.length !== uncompressedSize || check >>> 0 !== expected >>> 0)
    throw new DataProblem({
      _tag: 'CorruptArchive',
      file,
      reason: 'its length or its check value is not the one in the directory of the archive',
    })
  return bytes
}

const readMembers = async (
  path: string,
  zip: ZipFile,
  keys: readonly string[],
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, NumberArray>> => {
  if (zip.entryCount > mostMembers)
    refuseDataset(path, 'the number of its members', String(zip.entryCount), `must be at most ${mostMembers}`)
  const arrays = new Map<string, NumberArray>()
  for await (const entry of zip.eachEntry()) {
    signal?.throwIfAborted()
    const key = keys.find((name) => entry.fileName === `${name}.npy`)
    if (key === undefined) continue
    const file = `${path}: ${entry.fileName}`
    if (arrays.has(key)) refuseDataset(path, entry.fileName, 'in it twice', 'must be in it once')
    if (entry.uncompressedSize > maxBytes)
      throw new DataProblem({ _tag: 'TooLarge', file, limitBytes: maxBytes })
    arrays.set(key, parseNpy(file, await readMember(file, await zip.openReadStreamPromise(entry), entry)))
  }
  return arrays
}

/**
 * Read arrays of an archive.
 *
 * @param keys the names given to `np.savez`; other members are not read.
 * @param maxBytes no member may be longer.
 * @returns those of the keys that are in it.
 * @throws DataProblem with `CorruptArchive`, `TooLarge` or `InvalidDataset`; file-system errors and the signal's reason.
 */
export const readNpz = async (
  path: string,
  keys: readonly string[],
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, NumberArray>> => {
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
    try {
      return await readMembers(path, zip, keys, maxBytes, signal)
    } finally {
      zip.close()
    }
  } catch (error) {
    throw corrupt(path, error, signal)
  }
}
