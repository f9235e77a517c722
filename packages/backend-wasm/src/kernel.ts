/**
 * The compiled kernel, and instances of it with as much memory as a call needs.
 *
 * Addresses are byte offsets into an instance's memory. Nothing here knows about weight vectors.
 */
import { type BackendUnavailable, backendUnavailable } from '@laperm/core'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { kernelBase64 } from './kernel-binary.ts'

/** What assembly/index.ts exports. */
export interface KernelFunctions {
  /** Whether one of `count` float32 values at `at` is NaN. */
  readonly hasNaN: (at: number, count: number) => number
  /** Synchronize columns into `out`, which may be `weights`. No weight may be NaN, here and below. */
  readonly syncColumns: (
    weights: number,
    sorted: number,
    out: number,
    stride: number,
    groupBytes: number,
    length: number,
    columns: number,
    work: number,
    bundle: number,
  ) => void
  /** Replace columns by their result. */
  readonly rankColumns: KernelReplacement
  readonly sortColumns: KernelReplacement
}

type KernelReplacement = (
  weights: number,
  stride: number,
  groupBytes: number,
  length: number,
  columns: number,
  work: number,
  bundle: number,
) => void

/** A memory of WebAssembly. */
export interface KernelMemory {
  readonly buffer: ArrayBufferLike
}

// WebAssembly and atob exist in Node and in browsers; the language's own library declares neither.
declare const WebAssembly:
  | {
      readonly compile: (bytes: Uint8Array) => Promise<object>
      readonly Memory: new (size: { readonly initial: number }) => KernelMemory
      readonly Instance: new (module: object, imports: object) => { readonly exports: KernelFunctions }
    }
  | undefined
declare const atob: (base64: string) => string

/** The first address that callers may write to. */
export const FIRST_ADDRESS = 64
/** Memory of WebAssembly comes in pages of this size. */
export const PAGE_BYTES = 65536

/** An instance of the kernel and views of its memory. */
export interface KernelInstance {
  readonly run: KernelFunctions
  readonly floats: Float32Array<ArrayBuffer>
  readonly words: Uint32Array
  readonly pairs: Float64Array
}

/** The kernel. It holds one instance, the largest that was needed. */
export interface Kernel {
  /** The instance, with a memory of at least `bytes`. Where the memory was too small it is replaced, and its contents are lost. */
  readonly reserve: (bytes: number) => KernelInstance
  /** Another instance, with a memory of its own of at least `bytes`; it belongs to the caller. @throws RangeError when that cannot be had. */
  readonly instantiate: (bytes: number) => KernelInstance
  /** Bytes of memory that the instance holds. */
  readonly memoryBytes: () => number
}

/** Makes an instance whose functions work on a memory. */
type Instantiate = (memory: KernelMemory) => KernelFunctions

/** Compile the kernel from bytes in this package; nothing is fetched. */
const compileKernel =
  (base64: string): TE.TaskEither<BackendUnavailable, Instantiate> =>
  async () => {
    if (typeof WebAssembly === 'undefined')
      return E.left(
        backendUnavailable('wasm', 'this JavaScript engine has no WebAssembly', 'Use the core backend.'),
      )
    const { compile, Instance } = WebAssembly
    try {
      const module = await compile(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
      return E.right((memory) => new Instance(module, { env: { memory } }).exports)
    } catch (error) {
      return E.left(
        backendUnavailable(
          'wasm',
          `the kernel did not compile (${error instanceof Error ? error.message : String(error)})`,
          'It needs WebAssembly with SIMD: Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or newer.',
        ),
      )
    }
  }

const newMemory = (bytes: number): KernelMemory => {
  if (typeof WebAssembly === 'undefined') throw new Error('this JavaScript engine has no WebAssembly')
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) })
}

const holdInstances = (instantiateOn: Instantiate, firstBytes: number): Kernel => {
  const instantiate = (bytes: number): KernelInstance => {
    const memory = newMemory(bytes)
    const buffer = memory.buffer as ArrayBuffer
    return {
      run: instantiateOn(memory),
      floats: new Float32Array(buffer),
      words: new Uint32Array(buffer),
      pairs: new Float64Array(buffer),
    }
  }
  let instance = instantiate(Math.max(PAGE_BYTES, firstBytes))
  const heldBytes = () => instance.words.byteLength
  return {
    reserve: (bytes) => {
      // A new memory, because growing one detaches its buffer: V8 then checks for that at every access to any typed array of the
      // program.
      if (bytes > heldBytes()) instance = instantiate(bytes)
      return instance
    },
    instantiate,
    memoryBytes: heldBytes,
  }
}

/** Compile the kernel and make its first instance, with a memory of at least `firstBytes`. */
export const makeKernel = (firstBytes: number): TE.TaskEither<BackendUnavailable, Kernel> =>
  F.pipe(
    compileKernel(kernelBase64),
    TE.map((instantiate) => holdInstances(instantiate, firstBytes)),
  )
