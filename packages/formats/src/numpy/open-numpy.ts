/** NumPy's files: one array (.npy), or an archive of named ones (.npz). */
import { isPytorchNaming, neuronAxesOf, placesByName } from '../naming/tensor-roles.ts'
import { attemptFile } from '../refusal.ts'
import { type ByteSource, readBytes } from '../source/byte-source.ts'
import type { WeightFile } from '../weight-file.ts'
import type { ZipMember } from '../zip/zip-archive.ts'
import { type NpyArray, npyArrayOf, npyStartBytes, readNpyValues } from './npy-tensor.ts'

interface NamedArray {
  readonly name: string
  readonly array: NpyArray
  readonly shape: readonly number[]
  readonly open: () => Promise<ByteSource>
}

const fileOf = (format: 'npy' | 'npz', arrays: readonly NamedArray[]): WeightFile => {
  const floats = arrays.filter(({ array }) => array.dtype !== null)
  const order = isPytorchNaming(floats) ? 'first' : 'last'
  const places = placesByName(floats)
  return {
    format,
    tensors: floats.map((named, i) => ({
      name: named.name,
      shape: named.shape,
      dtype: named.array.dtype ?? '',
      neuronAxes: neuronAxesOf(named, order),
      ...places[i],
      read: attemptFile(async () => readNpyValues(await named.open(), named.array)),
    })),
    leftOut: arrays.flatMap(({ name, array }) =>
      array.dtype === null ? [{ name, dtype: array.descr }] : [],
    ),
    metadata: Object.create(null),
    close: () => undefined,
  }
}

/** @throws FileRefusal */
export const openNpy = async (source: ByteSource): Promise<WeightFile> => {
  const { path, sizeBytes } = source
  const start = await readBytes(source, 0, Math.min(npyStartBytes, sizeBytes), 'the header')
  const array = npyArrayOf(path, start, sizeBytes)
  return fileOf('npy', [{ name: 'array', array, shape: array.shape, open: async () => source }])
}

/** Arrays in the order of the archive, which is the one in which they were given to `np.savez`. @throws FileRefusal */
export const openNpz = async ({ path }: ByteSource, members: readonly ZipMember[]): Promise<WeightFile> => {
  const arrays: NamedArray[] = []
  for (const member of members) {
    if (!member.name.endsWith('.npy')) continue
    const array = npyArrayOf(
      `${path}: ${member.name}`,
      await member.readStart(npyStartBytes),
      member.sizeBytes,
    )
    arrays.push({ name: member.name.slice(0, -4), array, shape: array.shape, open: member.open })
  }
  return fileOf('npz', arrays)
}
