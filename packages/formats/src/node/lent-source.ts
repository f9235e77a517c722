/**
 * A source of bytes that another thread reads without waiting: it asks by a message, sleeps until the answer lies in memory that both share, and takes it. Any source
 * can be lent, one that cannot be read at once too, and none is copied whole.
 */
import { refuseFile } from '../refusal.ts'
import type { ByteSource } from '../source/byte-source.ts'

/** Bytes that are answered at once. */
const pieceBytes = 2 ** 20
/** Read with fewer that are asked for: libhdf5 reads headers in pieces of some hundred bytes. */
const aheadBytes = 2 ** 16
/** `[state, bytes that were read]` stand before the bytes. */
const controlBytes = 2 * Int32Array.BYTES_PER_ELEMENT
const [asked, answered, failed] = [0, 1, 2]

/** A wish for bytes. */
export interface Wish {
  readonly start: number
  readonly length: number
}

/** What the reading thread is handed. */
export interface LentSource {
  readonly path: string
  readonly sizeBytes: number
  readonly memory: SharedArrayBuffer
}

const viewsOf = (memory: SharedArrayBuffer) => ({
  control: new Int32Array(memory, 0, 2),
  bytes: new Uint8Array(memory, controlBytes),
})

/** The lender's side. */
export interface Lender {
  readonly lent: LentSource
  readonly answer: (wish: Wish) => Promise<void>
  /** What the source threw, if it did. */
  readonly failure: () => unknown
}

/** Lend a source; it must stay open as long as it is lent. */
export const lendSource = ({ path, sizeBytes, read }: ByteSource): Lender => {
  const memory = new SharedArrayBuffer(controlBytes + Math.min(pieceBytes, sizeBytes))
  const { control, bytes } = viewsOf(memory)
  let failure: unknown = null
  const settle = (state: number): void => {
    Atomics.store(control, 0, state)
    Atomics.notify(control, 0)
  }
  return {
    lent: { path, sizeBytes, memory },
    answer: async ({ start, length }) => {
      try {
        const piece = await read(start, Math.min(length, bytes.length))
        bytes.set(piece)
        control[1] = piece.length
        settle(answered)
      } catch (error) {
        failure = error
        settle(failed)
      }
    },
    failure: () => failure,
  }
}

/** The borrower's side, in a thread that may sleep. @param ask sends a wish to the lender. */
export const borrowSource = (
  { path, sizeBytes, memory }: LentSource,
  ask: (wish: Wish) => void,
): ByteSource => {
  const { control, bytes } = viewsOf(memory)
  /** What lies in the memory. */
  let piece = { start: 0, end: 0 }
  /** Have the byte at `start` in the memory, and what follows it. */
  const fetch = (start: number, length: number): void => {
    piece = { start: 0, end: 0 }
    Atomics.store(control, 0, asked)
    ask({ start, length: Math.min(Math.max(length, aheadBytes), bytes.length, sizeBytes - start) })
    Atomics.wait(control, 0, asked)
    if (Atomics.load(control, 0) === failed || control[1] === 0)
      refuseFile(path, `${length} bytes from byte ${start} on`, 'none: the file has changed')
    piece = { start, end: start + control[1] }
  }
  const readInto = (from: number, into: Uint8Array): void => {
    for (let done = 0; done < into.length; ) {
      const start = from + done
      if (!(piece.start <= start && start < piece.end)) fetch(start, into.length - done)
      const taken = Math.min(into.length - done, piece.end - start)
      into.set(bytes.subarray(start - piece.start, start - piece.start + taken), done)
      done += taken
    }
  }
  return {
    path,
    sizeBytes,
    read: async (start, length) => {
      const into = new Uint8Array(length)
      readInto(start, into)
      return into
    },
    readInto,
    beside: null,
    close: async () => undefined,
  }
}
