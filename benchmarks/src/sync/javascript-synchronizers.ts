/**
 * Synchronizers in JavaScript: core, the WASM kernel, a plain copy as the limit, and what JavaScript offers otherwise.
 *
 * Each is run in a thread of its own (own-thread.ts): what V8 makes of one depends on what else has run beside it.
 */
import { defaultDevice, numpy } from '@jax-js/jax'
import { makeWasmBackend } from '@laperm/backend-wasm'
import { renderError } from '@laperm/core'
import { syncInto } from '@laperm/core/kernel'
import * as tf from '@tensorflow/tfjs'
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm'
import { either as E } from 'fp-ts'
import type { Synchronizer, Weights } from './synchronizer.ts'

const fromFunction = (
  name: string,
  prepare: (weights: Weights, out: Float32Array) => () => void,
): Synchronizer => {
  let out = new Float32Array(0)
  let synchronize: () => void = () => {}
  return {
    name,
    load: async (weights) => {
      out = new Float32Array(weights.w.length)
      synchronize = prepare(weights, out)
    },
    run: async (repeats) => {
      const start = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++) synchronize()
      return performance.now() - start
    },
    result: async () => out,
    stop: () => {},
  }
}

/** Synchronize every matrix of the weights with a `syncInto`. */
const forMatrices =
  (sync: typeof syncInto) =>
  ({ sorted, w, length, count, matrices = 1 }: Weights, out: Float32Array): (() => void) => {
    const size = length * count
    const matrix = (values: Float32Array, m: number) => ({
      values: values.subarray(m * size, (m + 1) * size),
      length,
      count,
    })
    const all = Array.from({ length: matrices }, (_, m) => ({
      sorted: matrix(sorted, m),
      w: matrix(w, m),
      out: matrix(out, m).values,
    }))
    return () => {
      for (const one of all) sync(one.sorted, one.w, one.out)
    }
  }

/** `@laperm/core`'s syncInto. */
const coreSynchronizer = (name = 'core (TypeScript)'): Synchronizer =>
  fromFunction(name, forMatrices(syncInto))

/** The same where an ArrayBuffer has been detached, as by a WebAssembly memory that grows or a message that hands one over: from then on V8 checks each access. */
const coreAfterDetach = (): Synchronizer => {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return coreSynchronizer('core, after a buffer was detached')
}

/** `@laperm/backend-wasm`'s syncInto, one thread. */
const wasmSynchronizer = async (): Promise<Synchronizer> => {
  const made = await makeWasmBackend()()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  const { wasmSync } = made.right
  return fromFunction('backend-wasm', forMatrices(wasmSync.syncInto))
}

/** The same on arrays that `allocate` gave, which the kernel reads and writes where they lie. */
const residentWasmSynchronizer = async (): Promise<Synchronizer> => {
  const made = await makeWasmBackend()()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  const { wasmSync } = made.right
  let result = new Float32Array(0)
  let synchronize: () => void = () => {}
  return {
    name: "backend-wasm, in the kernel's memory",
    load: async ({ sorted, w, ...size }) => {
      const [ownSorted, ownW, out] = wasmSync.allocate([w.length, w.length, w.length], size.length)
      ownSorted.set(sorted)
      ownW.set(w)
      result = out
      synchronize = forMatrices(wasmSync.syncInto)({ sorted: ownSorted, w: ownW, ...size }, out)
    },
    run: async (repeats) => {
      const start = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++) synchronize()
      return performance.now() - start
    },
    result: async () => result,
    stop: () => {},
  }
}

/** A plain copy of the same bytes: nothing can be faster. */
const copySynchronizer = (): Synchronizer =>
  fromFunction(
    'a plain copy (no ranking)',
    ({ w }, out) =>
      () =>
        out.set(w),
  )

/** What a JavaScript programmer would write for speed: key bits and index packed in a double, sorted by the engine. */
const packedKeysSynchronizer = (): Synchronizer =>
  fromFunction('Float64Array.sort on packed keys', ({ sorted, w, length, count }, out) => {
    const bits = new Uint32Array(w.buffer, w.byteOffset, w.length)
    const keys = new Float64Array(length)
    return () => {
      for (let j = 0; j < count; j++) {
        for (let i = 0; i < length; i++) {
          const raw = bits[i * count + j]
          const plus = raw === 0x80000000 ? 0 : raw
          const key = (plus >>> 31 === 1 ? ~plus : plus | 0x80000000) >>> 0
          keys[i] = key * 2 ** 20 + i
        }
        keys.sort()
        for (let rank = 0; rank < length; rank++)
          out[(keys[rank] % 2 ** 20) * count + j] = sorted[rank * count + j]
      }
    }
  })

/** tfjs's own sort, topk of the negated weights, and a scatter in JavaScript. */
const tfjsSynchronizer = (backend: 'cpu' | 'wasm'): Synchronizer => {
  let weights: Weights | undefined
  let out = new Float32Array(0)
  return {
    name: `tfjs-${backend} topk + scatter`,
    minLength: 2,
    load: async (given) => {
      if (backend === 'wasm') {
        await import('@tensorflow/tfjs-backend-wasm')
        setThreadsCount(1)
      }
      await tf.setBackend(backend)
      await tf.ready()
      weights = given
      out = new Float32Array(given.w.length)
    },
    run: async (repeats) => {
      if (weights === undefined) throw new Error('nothing was loaded')
      await tf.setBackend(backend)
      const { w, sorted, length, count } = weights
      const rows = tf.tensor2d(w, [length, count])
      const start = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++) {
        const order = tf.tidy(() => tf.topk(tf.neg(tf.transpose(rows)), length, true).indices.dataSync())
        for (let j = 0; j < count; j++)
          for (let rank = 0; rank < length; rank++)
            out[order[j * length + rank] * count + j] = sorted[rank * count + j]
      }
      const elapsedMs = performance.now() - start
      rows.dispose()
      return elapsedMs
    },
    result: async () => out,
    stop: () => {},
  }
}

/** jax-js on its WebAssembly device: argsort of argsort, then takeAlongAxis. */
const jaxSynchronizer = (): Synchronizer => {
  let weights: Weights | undefined
  let out = new Float32Array(0)
  return {
    name: 'jax-js (wasm) argsort(argsort) + takeAlongAxis',
    minLength: 2,
    load: async (given) => {
      defaultDevice('wasm')
      weights = given
    },
    run: async (repeats) => {
      if (weights === undefined) throw new Error('nothing was loaded')
      const shape = [weights.length, weights.count]
      const w = numpy.array(weights.w, { shape })
      const sorted = numpy.array(weights.sorted, { shape })
      const start = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++) {
        const ranking = numpy.argsort(numpy.argsort(w.ref, 0), 0)
        out = new Float32Array(await numpy.takeAlongAxis(sorted.ref, ranking, 0).data())
      }
      const elapsedMs = performance.now() - start
      w.dispose()
      sorted.dispose()
      return elapsedMs
    },
    result: async () => out,
    stop: () => {},
  }
}

/** What makes each. */
export const javascriptSynchronizers = {
  core: () => coreSynchronizer(),
  coreAfterDetach,
  wasm: wasmSynchronizer,
  residentWasm: residentWasmSynchronizer,
  packedKeys: packedKeysSynchronizer,
  tfjsCpu: () => tfjsSynchronizer('cpu'),
  tfjsWasm: () => tfjsSynchronizer('wasm'),
  jax: jaxSynchronizer,
  copy: copySynchronizer,
} satisfies Record<string, () => Synchronizer | Promise<Synchronizer>>
