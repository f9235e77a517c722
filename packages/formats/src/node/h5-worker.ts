/** The program of the thread that reads HDF5: libhdf5 with a bound of memory, in a place that can be ended when it does not come back. */
import { parentPort } from 'node:worker_threads'
import { either as E } from 'fp-ts'
import type { CorruptFile } from '../corrupt-file.ts'
import type { StoredTensor, WeightFile } from '../weight-file.ts'
import type { H5Reply, H5Request } from './h5-messages.ts'
import { borrowSource } from './lent-source.ts'

const port = parentPort
if (port === null) throw new TypeError('h5-worker must be run as a worker thread')

/** Of libhdf5's memory. */
let mostMemoryBytes = 0
const pageBytes = 65_536

// Emscripten takes a memory that does not grow for memory that is used up, and libhdf5 then says that it could allocate nothing.
const { grow } = WebAssembly.Memory.prototype
WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
  if (this.buffer.byteLength + pages * pageBytes > mostMemoryBytes)
    throw new RangeError(`at most ${mostMemoryBytes} bytes may be taken for this file`)
  return grow.call(this, pages)
}

// Loading the library is no part of the time that a file has.
await (await import('h5wasm')).ready
const { openH5 } = await import('../keras/open-h5.ts')
const { isLibraryBroken } = await import('../h5/h5-file.ts')
const { FileRefusal } = await import('../refusal.ts')

const reply = (message: H5Reply, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer)

const refuse = (corrupt: CorruptFile): void =>
  reply({ kind: 'refused', corrupt, isBroken: isLibraryBroken() })

let file: WeightFile | null = null

const withoutRead = ({ read: _, ...tensor }: StoredTensor): Omit<StoredTensor, 'read'> => tensor

const answer = async (request: H5Request): Promise<void> => {
  switch (request.kind) {
    case 'open': {
      mostMemoryBytes = request.mostMemoryBytes
      const opened = await openH5(borrowSource(request.lent, (wish) => reply({ kind: 'wish', wish })))
      file = opened
      const { format, leftOut, metadata, tensors } = opened
      return reply({
        kind: 'opened',
        index: { format, leftOut, metadata: { ...metadata }, tensors: tensors.map(withoutRead) },
      })
    }
    case 'read': {
      if (file === null) throw new TypeError('read: no file is open')
      const values = await file.tensors[request.tensor].read()
      return E.isLeft(values)
        ? refuse(values.left)
        : reply({ kind: 'values', values: values.right }, [values.right.buffer as ArrayBuffer])
    }
    case 'close':
      file?.close()
      file = null
      return reply({ kind: 'closed' })
    default:
      return request satisfies never
  }
}

port.on('message', (request: H5Request) => {
  answer(request).catch((error: unknown) => {
    if (error instanceof FileRefusal) refuse(error.corrupt)
    else
      reply({
        kind: 'thrown',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
  })
})

reply({ kind: 'ready' })
