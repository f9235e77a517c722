/**
 * Sources of bytes as files of libhdf5: a file system of Emscripten's whose files are read from the source when the library asks for a piece.
 *
 * h5wasm's own ways copy a file into WebAssembly's memory, or read Node's files only; this one copies nothing and runs in pages too.
 */
import { FileRefusal } from '../refusal.ts'
import type { ByteSource } from '../source/byte-source.ts'

/** What is used of a node of Emscripten's file system. */
interface FileNode {
  id: number
  mode: number
  node_ops: object
  stream_ops: object
  size: number
  source: ByteSource | null
}

interface Stream {
  readonly node: FileNode
  position: number
}

/** What is used of Emscripten's `FS`. */
export interface EmscriptenFiles {
  readonly ErrnoError: new (errno: number) => Error
  readonly createNode: (parent: FileNode | null, name: string, mode: number, device: number) => FileNode
  readonly mkdir: (path: string) => unknown
  readonly mount: (type: object, options: object, path: string) => unknown
  readonly unmount: (path: string) => unknown
  readonly rmdir: (path: string) => unknown
}

const directoryMode = 0o40555
const fileMode = 0o100444
const noEntry = 44
const badRequest = 28
const inputOutput = 29
/** The one file of a mount. */
const fileName = 'weights.h5'

/** A source as a file. */
export interface MountedSource {
  /** For the library. */
  readonly path: string
  /** Why the source refused to be read, if it did. */
  readonly refusal: () => FileRefusal | null
  readonly unmount: () => void
}

let mounts = 0

/** Mount a source that can be read without waiting. */
export const mountSource = (
  files: EmscriptenFiles,
  source: ByteSource,
  readInto: (start: number, into: Uint8Array) => void,
): MountedSource => {
  const { ErrnoError } = files
  let refusal: FileRefusal | null = null
  const nodeOperations = {
    getattr: (node: FileNode) => {
      const date = new Date(0)
      const { id, mode, size } = node
      const times = { atime: date, mtime: date, ctime: date }
      return {
        dev: 1,
        ino: id,
        mode,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        size,
        ...times,
        blksize: 4096,
        blocks: 1,
      }
    },
    lookup: () => {
      throw new ErrnoError(noEntry)
    },
  }
  const streamOperations = {
    read: (_: Stream, memory: Uint8Array, offset: number, length: number, position: number): number => {
      const count = Math.min(length, Math.max(0, source.sizeBytes - position))
      try {
        if (count > 0) readInto(position, memory.subarray(offset, offset + count))
      } catch (error) {
        if (!(error instanceof FileRefusal)) throw error
        refusal = error
        throw new ErrnoError(inputOutput)
      }
      return count
    },
    llseek: (stream: Stream, offset: number, whence: number): number => {
      const from = whence === 1 ? stream.position : whence === 2 ? stream.node.size : 0
      if (from + offset < 0) throw new ErrnoError(badRequest)
      return from + offset
    },
  }
  const makeNode = (parent: FileNode | null, name: string, mode: number, size: number): FileNode =>
    Object.assign(files.createNode(parent, name, mode, 0), {
      mode,
      size,
      node_ops: nodeOperations,
      stream_ops: streamOperations,
    })
  const type = {
    mount: () => {
      const root = makeNode(null, '/', directoryMode, 0)
      makeNode(root, fileName, fileMode, source.sizeBytes)
      return root
    },
  }
  const directory = `/laperm-${mounts++}`
  files.mkdir(directory)
  files.mount(type, {}, directory)
  return {
    path: `${directory}/${fileName}`,
    refusal: () => refusal,
    unmount: () => {
      files.unmount(directory)
      files.rmdir(directory)
    },
  }
}
