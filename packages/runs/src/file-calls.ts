/**
 * The system's calls that list a directory and read a file, at once or by threads.
 *
 * A call by a thread costs several times what a file system of this machine needs to answer. One over the network is slow to answer: threads ask
 * it for several files at a time, and the program stays awake.
 */
import {
  close,
  closeSync,
  type Dirent,
  fstat,
  fstatSync,
  open,
  openSync,
  read,
  readdirSync,
  readSync,
  type Stats,
} from 'node:fs'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'

type Soon<A> = A | Promise<A>

/** Files by their numbers instead of handles, which cost more: a list of a thousand runs opens two thousand. */
export interface FileCalls {
  readonly list: (directory: string) => Soon<readonly Dirent[]>
  readonly open: (path: string, flags: number) => Soon<number>
  /** Read into a buffer from `from` on, at that place of the file. @returns how many bytes were read. */
  readonly read: (file: number, buffer: Buffer, from: number) => Soon<number>
  readonly stat: (file: number) => Soon<Stats>
  readonly close: (file: number) => Soon<void>
}

const [openFile, readFile, statFile, closeFile] = [
  promisify(open),
  promisify(read),
  promisify(fstat),
  promisify(close),
]

/** By threads. */
export const threadCalls: FileCalls = {
  list: (directory) => readdir(directory, { withFileTypes: true }),
  open: openFile,
  read: async (file, buffer, from) =>
    (await readFile(file, buffer, from, buffer.length - from, from)).bytesRead,
  stat: statFile,
  close: closeFile,
}

/** Time that calls at once may take altogether, and for each directory beyond that. */
const [patienceMs, patienceMsPerDirectory] = [20, 0.5]

/**
 * For reading many directories one after the other: at once, until the file system turns out to be slow, then by threads.
 *
 * @param now a clock in milliseconds.
 * @returns gives the calls for the next directory.
 */
export const makeQuickCalls = (now = (): number => performance.now()): (() => FileCalls) => {
  let spentMs = 0
  let directories = 0
  const timed = <A>(call: () => A): A => {
    const start = now()
    try {
      return call()
    } finally {
      spentMs += now() - start
    }
  }
  const atOnce: FileCalls = {
    list: (directory) => timed(() => readdirSync(directory, { withFileTypes: true })),
    open: (path, flags) => timed(() => openSync(path, flags)),
    read: (file, buffer, from) => timed(() => readSync(file, buffer, from, buffer.length - from, from)),
    stat: fstatSync,
    close: closeSync,
  }
  return () => (spentMs > patienceMs + patienceMsPerDirectory * directories++ ? threadCalls : atOnce)
}
