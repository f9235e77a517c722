/**
 * Decompression that cannot be made to fill the memory.
 */
import { createReadStream } from 'node:fs'
import { promisify } from 'node:util'
import { createGunzip, gunzip } from 'node:zlib'
import type { DataError } from '../data-error.ts'
import { DataProblem } from '../data-problem.ts'

const gunzipAsync = promisify(gunzip)

/** What zlib's error means, as one of ours; anything that is not zlib's is thrown on. */
export const zlibProblem = (file: string, error: unknown): DataError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!(error instanceof Error) || !code.startsWith('Z_')) throw error
  return { _tag: 'CorruptArchive', file, reason: error.message }
}

/**
 * Unpack gzip bytes, at most `limitBytes` of them.
 *
 * @throws DataProblem with `BadMagic` (no gzip), `CorruptArchive` (cut short, wrong check value) or `TooLarge`.
 */
export const gunzipBounded = async (
  file: string,
  packed: Uint8Array,
  limitBytes: number,
): Promise<Uint8Array> => {
  if (packed.length < 2 || packed[0] !== 0x1f || packed[1] !== 0x8b)
    throw new DataProblem({
      _tag: 'BadMagic',
      file,
      expected: '0x1f8b (gzip)',
      found: packed.length === 0 ? 'nothing' : `0x${Buffer.from(packed.subarray(0, 2)).toString('hex')}`,
    })
  try {
    return await gunzipAsync(packed, { maxOutputLength: limitBytes })
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new DataProblem({ _tag: 'TooLarge', file, limitBytes })
    throw new DataProblem(zlibProblem(file, error))
  }
}

/**
 * The unpacked bytes of a gzip file, in pieces. Whoever reads them counts them.
 *
 * What goes wrong first is thrown: an error of the reader ends the streams, and theirs cannot take its place.
 *
 * @throws DataProblem with `CorruptArchive`; file-system errors and the signal's reason.
 */
export async function* gunzippedFile(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const source = createReadStream(path, { highWaterMark: 1 << 20, signal })
  const unpacked = createGunzip({ chunkSize: 1 << 20 })
  source.on('error', (error) => unpacked.destroy(error))
  try {
    for await (const piece of source.pipe(unpacked)) yield piece
  } catch (error) {
    throw signal?.aborted === true ? error : new DataProblem(zlibProblem(path, error))
  } finally {
    source.destroy()
  }
}
