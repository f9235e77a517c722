/**
 * One way into every format of weights: recognized by its first bytes, then by its name, and read tensor by tensor.
 *
 * Readers that bring libraries with them are loaded when a file needs them, so that a page that reads safetensors downloads nothing else.
 */
import type { taskEither as TE } from 'fp-ts'
import type { CorruptFile } from './corrupt-file.ts'
import { attemptFile, refuseFile } from './refusal.ts'
import { openSafetensors } from './safetensors/open-safetensors.ts'
import type { ByteSource } from './source/byte-source.ts'
import type { WeightFile } from './weight-file.ts'

const firstBytes = 16

type Opener = (source: ByteSource) => Promise<WeightFile>

const startsWith = (bytes: Uint8Array, beginning: readonly number[]): boolean =>
  bytes.length >= beginning.length && beginning.every((byte, i) => bytes[i] === byte)

const known = '.safetensors'

/** How a file is opened, by what it begins with; null where that says nothing. */
const openerByBytes = (path: string, first: Uint8Array): Opener | null => {
  if (startsWith(first, [0x4c, 0x41, 0x50, 0x45, 0x52, 0x4d, 0]))
    return refuseFile(
      path,
      'a file of tensors',
      'a .laperm file',
      'unpackLaperm reads it, with its initial weights.',
    )
  // The length of the header, then its JSON.
  if (first.length > 8 && first[8] === 0x7b && startsWith(first.subarray(5), [0, 0, 0]))
    return openSafetensors
  return null
}

/**
 * Open a file of weights.
 *
 * @param source stays the caller's to close, after the last tensor has been read.
 * @returns an index; `Left(CorruptFile)` when the format is not known, or the file is not what its format says.
 * @example pipe(openFileSource('model.safetensors'), TE.chain(readTensors))
 */
export const readTensors = (source: ByteSource): TE.TaskEither<CorruptFile, WeightFile> =>
  attemptFile(async () => {
    const { path, sizeBytes } = source
    const open = openerByBytes(path, await source.read(0, Math.min(firstBytes, sizeBytes)))
    return open === null
      ? refuseFile(
          path,
          `a file of weights (${known})`,
          sizeBytes === 0 ? 'an empty file' : 'bytes of no such format',
        )
      : open(source)
  })
