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
import type { OpenH5, WeightFile } from './weight-file.ts'

const firstBytes = 16

/** How files are read. */
export interface ReadTensorsOptions {
  /**
   * Opens HDF5 in another way than by libhdf5 on this thread, which a damaged file can keep busy for ever: in Node `makeH5Host` of `@laperm/formats/node`, in a
   * page a worker of its own.
   */
  readonly openH5?: OpenH5
}

type Opener = (source: ByteSource, openH5: OpenH5) => Promise<WeightFile>

const openH5Here: OpenH5 = async (source) => (await import('./keras/open-h5.ts')).openH5(source)

const startsWith = (bytes: Uint8Array, beginning: readonly number[]): boolean =>
  bytes.length >= beginning.length && beginning.every((byte, i) => bytes[i] === byte)

const known = '.safetensors, .h5, .keras, model.json of TensorFlow.js, .onnx, .npz, .npy'

/** Beginnings of formats; what a file of another kind is told to do. */
const refuseOthers = (path: string, first: Uint8Array): void => {
  if (startsWith(first, [0x4c, 0x41, 0x50, 0x45, 0x52, 0x4d, 0]))
    refuseFile(
      path,
      'a file of tensors',
      'a .laperm file',
      'unpackLaperm reads it, with its initial weights.',
    )
  if (startsWith(first, [0x80]) && [2, 3, 4, 5].includes(first[1]))
    refuseFile(
      path,
      'weights that are data alone',
      "Python's pickle, which is a program",
      "In PyTorch, safetensors.torch.save_file(model.state_dict(), 'model.safetensors') saves them.",
    )
  if (startsWith(first, [0x1f, 0x8b]))
    refuseFile(path, 'a file of weights', 'a gzip file', 'Unpack it first.')
}

/** How a file is opened, by what it begins with, then by its ending; null where neither says anything. */
const openerOf = (path: string, first: Uint8Array): Opener | null => {
  refuseOthers(path, first)
  // The length of the header, then its JSON.
  if (first[8] === 0x7b && startsWith(first.subarray(5), [0, 0, 0])) return openSafetensors
  if (startsWith(first, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])) return openers.h5
  if (startsWith(first, [0x50, 0x4b, 3, 4]) || startsWith(first, [0x50, 0x4b, 5, 6])) return openers.zip
  if (startsWith(first, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])) return openers.npy
  if (startsWith(first, [0x7b])) return openers.tfjs
  const [ending = ''] = path.toLowerCase().match(/\.[a-z0-9]+$/) ?? []
  return Object.hasOwn(openersByEnding, ending) ? openersByEnding[ending] : null
}

/** Loaded when they are needed. */
const openers = {
  h5: (source, openH5) => openH5(source),
  zip: async (source, openH5) => (await import('./zip/open-zip.ts')).openArchive(source, openH5),
  npy: async (source) => (await import('./numpy/open-numpy.ts')).openNpy(source),
  tfjs: async (source) => (await import('./tfjs/open-tfjs.ts')).openTfjs(source),
  onnx: async (source) => (await import('./onnx/open-onnx.ts')).openOnnx(source),
} satisfies Readonly<Record<string, Opener>>

const openersByEnding: Readonly<Record<string, Opener>> = {
  '.safetensors': openSafetensors,
  '.h5': openers.h5,
  '.hdf5': openers.h5,
  '.keras': openers.zip,
  '.npz': openers.zip,
  '.npy': openers.npy,
  '.json': openers.tfjs,
  '.onnx': openers.onnx,
}

/**
 * Open a file of weights.
 *
 * @param source stays the caller's to close, after the last tensor has been read.
 * @returns an index; `Left(CorruptFile)` when the format is not known, or the file is not what its format says.
 * @example pipe(openFileSource('model.safetensors'), TE.chain(readTensors))
 */
export const readTensors = (
  source: ByteSource,
  { openH5 = openH5Here }: ReadTensorsOptions = {},
): TE.TaskEither<CorruptFile, WeightFile> =>
  attemptFile(async () => {
    const { path, sizeBytes } = source
    const open = openerOf(path, await source.read(0, Math.min(firstBytes, sizeBytes)))
    return open === null
      ? refuseFile(
          path,
          `a file of weights (${known})`,
          sizeBytes === 0 ? 'an empty file' : 'bytes of no such format',
        )
      : open(source, openH5)
  })
