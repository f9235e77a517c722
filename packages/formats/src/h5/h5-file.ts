/**
 * HDF5 files by libhdf5 (h5wasm, WebAssembly), opened from any source: its groups, attributes of text, and data sets, piece by piece.
 *
 * What a file claims is held against its size before memory is taken for it. Links that lead out of the file find nothing: the library sees one file.
 */
import { ready } from 'h5wasm'
import { elementCount } from '../element-types.ts'
import { FileRefusal, refuseFile } from '../refusal.ts'
import { type ByteSource, bytesSource, readBytes } from '../source/byte-source.ts'
import { type EmscriptenFiles, mountSource } from './source-files.ts'

/** The most that deflate makes of a byte; a data set in chunks may be compressed. */
const largestInflation = 1032
/** Of a data set that is in WebAssembly's memory at once. */
const pieceBytes = 2 ** 24

/** A data set's type and shape. */
export interface H5DataSet {
  readonly shape: readonly number[]
  /** Null where it holds no floating numbers. */
  readonly dtype: string | null
}

/** An open file. Paths begin with `/`. */
export interface H5File {
  /** Names in a group, in the library's order. */
  readonly names: (group: string) => readonly string[]
  /** What is at a path; links are followed inside the file only. */
  readonly kindOf: (path: string) => 'group' | 'data set' | null
  /** Texts of an attribute; null where there is none, or it holds no text. */
  readonly texts: (path: string, attribute: string) => readonly string[] | null
  readonly describe: (path: string) => H5DataSet
  /** The bytes of a data set of floating numbers, little-endian. */
  readonly readData: (path: string) => Uint8Array
  readonly close: () => void
}

/** A crash leaves the library's memory in any state: it is not used again. */
let isBroken = false

/** Whether a file has made libhdf5 crash on this thread. */
export const isLibraryBroken = (): boolean => isBroken

/** The reason at the bottom of the library's stack of errors, which names the innermost function last. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  const reasons = [...text.matchAll(/#\d+:.*?\(\): (.*)/g)]
  return reasons.at(-1)?.[1] ?? text.split('\n')[0]
}

const floatTypes: Readonly<Record<number, string>> = { 2: 'F16', 4: 'F32', 8: 'F64' }

/** The source itself where it can be read without waiting; its bytes in memory where not, as on a page outside of workers. */
const readableNow = async (source: ByteSource): Promise<ByteSource> =>
  source.readInto === null
    ? bytesSource(source.path, await readBytes(source, 0, source.sizeBytes, 'the file'))
    : source

/** Open a file. @throws FileRefusal where the library cannot read it. */
export const openH5File = async (given: ByteSource): Promise<H5File> => {
  const library = await ready
  const source = await readableNow(given)
  const { path: file, sizeBytes, readInto } = source
  if (isBroken)
    return refuseFile(file, 'libhdf5', 'one that a damaged file has broken', 'Start the program again.')
  if (readInto === null) throw new TypeError('source: must be readable without waiting here')
  const mounted = mountSource(library.FS as unknown as EmscriptenFiles, source, readInto)
  /** One call of the library, its errors as refusals that name the place in the file. */
  const call = <A>(place: string, work: () => A): A => {
    library.activate_throwing_error_handler()
    try {
      return work()
    } catch (error) {
      if (error instanceof FileRefusal) throw error
      if (error instanceof WebAssembly.RuntimeError) {
        isBroken = true
        return refuseFile(file, `HDF5 that can be read at '${place}'`, `libhdf5 stopped: ${error.message}`)
      }
      throw mounted.refusal() ?? refuseFile(file, `HDF5 that can be read at '${place}'`, reasonOf(error))
    } finally {
      if (!isBroken) library.deactivate_throwing_error_handler()
    }
  }
  const id = call('/', () => {
    try {
      return library.open(mounted.path, library.H5F_ACC_RDONLY, false, -1, -1)
    } catch (error) {
      mounted.unmount()
      throw error
    }
  })
  const allocate = (bytes: number): number => {
    const at = library._malloc(bytes)
    return at === 0 ? refuseFile(file, 'an attribute that fits in memory', `${bytes} bytes`) : at
  }
  const describe = (path: string): H5DataSet =>
    call(path, () => {
      const { shape, size, type, chunks } = library.get_dataset_metadata(id, path)
      const isFloat = type === library.H5T_class_t.H5T_FLOAT.value
      const dtype = isFloat ? (floatTypes[size] ?? null) : null
      const bytes = (elementCount(shape ?? []) ?? Number.POSITIVE_INFINITY) * size
      const most = sizeBytes * (chunks === null ? 1 : largestInflation)
      if (dtype !== null && bytes > most)
        refuseFile(file, `at most ${most} bytes at '${path}'`, `[${shape?.join(', ')}] of ${size} bytes each`)
      return { shape: shape ?? [], dtype }
    })
  const readText = (path: string, attribute: string): readonly string[] | null => {
    const metadata = library.get_attribute_metadata(id, path, attribute)
    const { size, shape, type, vlen } = metadata
    if (type !== library.H5T_class_t.H5T_STRING.value || shape === null) return null
    const count = elementCount(shape) ?? Number.POSITIVE_INFINITY
    if (count * size > sizeBytes)
      return refuseFile(
        file,
        `at most ${sizeBytes} bytes of '${attribute}' at '${path}'`,
        `${count} of ${size} bytes`,
      )
    const at = allocate(count * size)
    try {
      library.get_attribute_data(id, path, attribute, BigInt(at))
      const bytes = library.HEAPU8.slice(at, at + count * size)
      if (vlen) return Array.from(new Uint32Array(bytes.buffer), (text) => library.UTF8ToString(text))
      return Array.from({ length: count }, (_, i) =>
        new TextDecoder().decode(bytes.subarray(i * size, (i + 1) * size)).replace(/\0.*$/s, ''),
      )
    } finally {
      if (vlen) library.reclaim_vlen_memory(id, path, attribute, BigInt(at))
      library._free(at)
    }
  }
  return {
    names: (group) => call(group, () => library.get_names(id, group, false)),
    kindOf: (path) =>
      call(path, () => {
        const kind = library.get_type(id, path)
        return kind === library.H5G_GROUP ? 'group' : kind === library.H5G_DATASET ? 'data set' : null
      }),
    texts: (path, attribute) =>
      call(path, () =>
        library.get_attribute_names(id, path).includes(attribute) ? readText(path, attribute) : null,
      ),
    describe,
    readData: (path) => {
      const { shape } = describe(path)
      return call(path, () => {
        const { size, littleEndian } = library.get_dataset_metadata(id, path)
        const count = elementCount(shape) ?? 0
        const bytes = new Uint8Array(count * size)
        // Rows of the first axis, as many as a piece holds.
        const rows = shape.length === 0 ? 1 : shape[0]
        const rowBytes = rows === 0 ? 0 : bytes.length / rows
        const most = Math.max(1, Math.floor(pieceBytes / Math.max(1, rowBytes)))
        const at = allocate(Math.max(1, Math.min(rows, most) * rowBytes))
        try {
          for (let row = 0; row < rows && rowBytes > 0; row += most) {
            const taken = Math.min(most, rows - row)
            const counts = shape.map((axis, i) => BigInt(i === 0 ? taken : axis))
            const offsets = shape.map((_, i) => BigInt(i === 0 ? row : 0))
            const steps = shape.map(() => 1n)
            const isPart = shape.length > 0
            library.get_dataset_data(
              id,
              path,
              isPart ? counts : null,
              isPart ? offsets : null,
              isPart ? steps : null,
              BigInt(at),
            )
            bytes.set(library.HEAPU8.subarray(at, at + taken * rowBytes), row * rowBytes)
          }
        } finally {
          library._free(at)
        }
        return littleEndian ? bytes : reversedElements(bytes, size)
      })
    },
    close: () => {
      if (isBroken) return
      call('/', () => library.close_file(id))
      mounted.unmount()
    },
  }
}

/** Each element's bytes in the other order. */
const reversedElements = (bytes: Uint8Array, size: number): Uint8Array => {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}
