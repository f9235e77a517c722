/**
 * Why tfjs's WebAssembly backend did not start: where the binary that this machine takes was looked for, and what is there. tfjs says of all that only that
 * the backend is not initialized.
 */
import * as tf from '@tensorflow/tfjs-core'

/** Where tfjs's `.wasm` files are: a folder's address ending in `/`, or one address a file. */
export type WasmPaths = string | Readonly<Record<string, string>>

/** The file that tfjs takes here. */
const binaryName = async (): Promise<string> => {
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return 'tfjs-backend-wasm.wasm'
  return (await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'))
    ? 'tfjs-backend-wasm-threaded-simd.wasm'
    : 'tfjs-backend-wasm-simd.wasm'
}

/** The first bytes of every WebAssembly file. */
const magic = [0, 0x61, 0x73, 0x6d]

const whatAnswers = async (address: string): Promise<string> => {
  try {
    const response = await fetch(address)
    if (!response.ok) return `it answers with status ${response.status}`
    const start = new Uint8Array(await response.arrayBuffer()).subarray(0, magic.length)
    return magic.every((byte, i) => start[i] === byte)
      ? 'WebAssembly is there, and did not start'
      : `what is there is no WebAssembly, but ${response.headers.get('content-type') ?? 'something without a type'}`
  } catch (error) {
    return `nothing answers: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** In words, after tfjs has failed to load a binary. */
export const describeMissingBinary = async (paths: WasmPaths | undefined): Promise<string> => {
  const name = await binaryName()
  const path = typeof paths === 'string' ? paths + name : (paths?.[name] ?? name)
  const { location } = globalThis as { location?: { readonly href: string } }
  // In Node a path of the file system, which tfjs's own message on standard error is about.
  if (location === undefined || !URL.canParse(path, location.href)) return `${name} was looked for at ${path}`
  const address = new URL(path, location.href).href
  return `${name} was looked for at ${address}: ${await whatAnswers(address)}`
}
