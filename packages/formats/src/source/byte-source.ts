/** Bytes that can be read from any place: a file of Node's, a Blob of a page, bytes in memory. Nothing is read before it is asked for. */
import { refuseFile } from '../refusal.ts'

/** Where a file's bytes come from. */
export interface ByteSource {
  /** Names it in errors; its ending tells the format where the first bytes do not. */
  readonly path: string
  readonly sizeBytes: number
  /** `length` bytes from `start` on, which the caller has held against `sizeBytes`. */
  readonly read: (start: number, length: number) => Promise<Uint8Array>
  /** The same without waiting, into memory of the caller's; null where the platform cannot. */
  readonly readInto: ((start: number, into: Uint8Array) => void) | null
  /** Opens a file of the same directory, for formats of several files; null where there is no directory. The source closes it. */
  readonly beside: ((name: string) => Promise<ByteSource>) | null
  /** Give back what is held, a file's handle for instance. */
  readonly close: () => Promise<void>
}

const nothingToClose = async (): Promise<void> => undefined

/** Bytes in memory; not copied. `beside` holds the files of the same directory by name. */
export const bytesSource = (
  path: string,
  bytes: Uint8Array,
  beside: ReadonlyMap<string, Uint8Array> | null = null,
): ByteSource => ({
  path,
  sizeBytes: bytes.length,
  read: async (start, length) => bytes.subarray(start, start + length),
  readInto: (start, into) => into.set(bytes.subarray(start, start + into.length)),
  beside:
    beside === null
      ? null
      : async (name) => {
          const found = beside.get(name)
          return found === undefined
            ? refuseFile(path, `a file '${name}' beside it`, 'none')
            : bytesSource(name, found)
        },
  close: nothingToClose,
})

/** What a worker has and a page has not: reading a Blob without waiting. */
const fileReaderSync = (): { readonly readAsArrayBuffer: (blob: Blob) => ArrayBuffer } | null => {
  const found: unknown = Reflect.get(globalThis, 'FileReaderSync')
  return typeof found === 'function' ? Reflect.construct(found, []) : null
}

/**
 * A file that a visitor chose, or any Blob.
 *
 * @param beside files of the same directory by name: those that a visitor chose together.
 */
export const blobSource = (
  path: string,
  blob: Blob,
  beside: ReadonlyMap<string, Blob> | null = null,
): ByteSource => {
  const reader = fileReaderSync()
  return {
    path,
    sizeBytes: blob.size,
    read: async (start, length) => new Uint8Array(await blob.slice(start, start + length).arrayBuffer()),
    readInto:
      reader === null
        ? null
        : (start, into) =>
            into.set(new Uint8Array(reader.readAsArrayBuffer(blob.slice(start, start + into.length)))),
    beside:
      beside === null
        ? null
        : async (name) => {
            const found = beside.get(name)
            return found === undefined
              ? refuseFile(path, `a file '${name}' beside it`, 'none among those that were chosen')
              : blobSource(name, found)
          },
    close: nothingToClose,
  }
}

/** A part of a source as a source of its own: a member of an archive that is stored as it is. */
export const partOf = (source: ByteSource, path: string, from: number, sizeBytes: number): ByteSource => {
  const { readInto } = source
  return {
    path,
    sizeBytes,
    read: (start, length) => source.read(from + start, length),
    readInto: readInto === null ? null : (start, into) => readInto(from + start, into),
    beside: null,
    close: nothingToClose,
  }
}

/**
 * Bytes that a file says it has.
 *
 * @param what for the error: `data of 'conv1/kernel'`.
 * @throws FileRefusal where the file ends before.
 */
export const readBytes = async (
  source: ByteSource,
  start: number,
  length: number,
  what: string,
): Promise<Uint8Array> => {
  const { path, sizeBytes } = source
  if (!(start >= 0 && length >= 0 && start + length <= sizeBytes))
    return refuseFile(
      path,
      `${length} bytes of ${what} from byte ${start} on`,
      `a file of ${sizeBytes} bytes`,
    )
  const bytes = await source.read(start, length)
  return bytes.length === length
    ? bytes
    : refuseFile(
        path,
        `${length} bytes of ${what} from byte ${start} on`,
        `${bytes.length}: the file has changed`,
      )
}
