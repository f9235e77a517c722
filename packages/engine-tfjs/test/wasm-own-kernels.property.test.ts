/** Kernels that stand before tfjs's own on wasm: products with a transposed factor, sums and means of rows, copies, and Adam. */

import { readFileSync } from 'node:fs'
import { randomValues, relativeError } from '@laperm/conformance/engine'
import { adamSpec } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { adamFile, renderAdamModule } from '../scripts/build-adam.mjs'
import { loadAdamKernel } from '../src/adam-kernel.ts'
import { makeTensorOptimizer } from '../src/inner-update.ts'
import { makeWasmEngine } from '../src/wasm.ts'
import { makeAdamLoop, makeWasmAdam } from '../src/wasm-adam.ts'
import { heapOf } from '../src/wasm-kernels/heap.ts'

const seed = fc.integer({ min: 1, max: 1_000_000 })
const length = fc.integer({ min: 1, max: 40 })
/** Sums of at most a few hundred float32 products of values up to 1: their rounding stays well below. */
const tolerance = 2e-5

beforeAll(async () => {
  const made = await makeWasmEngine()()
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
})

const drawn = (shape: readonly number[], from: number): tf.Tensor =>
  tf.tensor(randomValues(tf.util.sizeFromShape([...shape]), from), [...shape])

/** How many tensors and buffers a computation leaves behind, its result not counted. */
const leftBehind = (compute: () => void): { readonly tensors: number; readonly buffers: number } => {
  const before = tf.memory()
  compute()
  const after = tf.memory()
  return {
    tensors: after.numTensors - before.numTensors,
    buffers: after.numDataBuffers - before.numDataBuffers,
  }
}

const nothing = { tensors: 0, buffers: 0 }

describe('products of matrices', () => {
  /** `a b` in float64. @param at an element by its row and column. */
  const product64 = (
    [n, k, m]: readonly [number, number, number],
    a: (row: number, column: number) => number,
    b: (row: number, column: number) => number,
  ): Float64Array =>
    Float64Array.from({ length: n * m }, (_, at) => {
      let sum = 0
      for (let i = 0; i < k; i++) sum += a(Math.floor(at / m), i) * b(i, at % m)
      return sum
    })

  it('equal float64, whichever factor is transposed, with leading axes of length 1 too', () => {
    fc.assert(
      fc.property(
        fc.tuple(length, length, length),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 0, max: 2 }),
        seed,
        ([n, k, m], transposeA, transposeB, leading, from) => {
          const ones = new Array<number>(leading).fill(1)
          const a = drawn([...ones, ...(transposeA ? [k, n] : [n, k])], from)
          const b = drawn([...ones, ...(transposeB ? [m, k] : [k, m])], from + 1)
          const [left, right] = [a.dataSync<'float32'>(), b.dataSync<'float32'>()]
          const expected = product64(
            [n, k, m],
            (row, i) => left[transposeA ? i * n + row : row * k + i],
            (i, column) => right[transposeB ? column * k + i : i * m + column],
          )
          const left0 = leftBehind(() => {
            const y = tf.matMul(a, b, transposeA, transposeB)
            expect(y.shape).toEqual([...ones, n, m])
            expect(relativeError(y.dataSync(), expected)).toBeLessThan(tolerance)
            y.dispose()
          })
          expect(left0).toEqual(nothing)
          tf.dispose([a, b])
        },
      ),
      { numRuns: 200, seed: 2101 },
    )
  })

  it('several matrices at once, one of them for all', () => {
    const [a, b] = [drawn([3, 5, 4], 1), drawn([1, 6, 5], 2)]
    const both = tf.matMul(a, b, true, true)
    const each = tf.stack(
      tf.unstack(a).map((matrix) => tf.matMul(matrix as tf.Tensor2D, tf.squeeze(b, [0]), true, true)),
    )
    expect(both.shape).toEqual([3, 4, 6])
    expect(relativeError(both.dataSync(), Float64Array.from(each.dataSync()))).toBeLessThan(tolerance)
    tf.dispose([a, b, both, each])
  })

  it('matrices that do not fit are refused by tfjs, and nothing is left', () => {
    const [a, b] = [drawn([3, 4], 1), drawn([3, 5], 2)]
    expect(leftBehind(() => expect(() => tf.matMul(a, b)).toThrow('inner'))).toEqual(nothing)
    tf.dispose([a, b])
  })
})

describe('sums and means over every axis but the last', () => {
  it('are those of float64, rounded once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 4 }),
        fc.constantFrom<'sum' | 'mean'>('sum', 'mean'),
        fc.boolean(),
        seed,
        (shape, kind, keepDims, from) => {
          const x = drawn(shape, from)
          const values = x.dataSync<'float32'>()
          const channels = shape[shape.length - 1]
          const rows = values.length / channels
          const sums = Array.from({ length: channels }, (_, c) => {
            let sum = 0
            for (let row = 0; row < rows; row++) sum += values[row * channels + c]
            return kind === 'sum' ? sum : sum / rows
          })
          const axes = shape.slice(0, -1).map((_, axis) => axis)
          const y = (kind === 'sum' ? tf.sum : tf.mean)(x, axes, keepDims)
          expect(y.shape).toEqual(keepDims ? [...axes.map(() => 1), channels] : [channels])
          // One rounding to float32; what float64 loses is far below.
          y.dataSync().forEach((value, c) => {
            expect(Math.abs(value - sums[c])).toBeLessThanOrEqual(2 ** -24 * Math.abs(sums[c]) + 1e-13)
          })
          tf.dispose([x, y])
        },
      ),
      { numRuns: 200, seed: 2102 },
    )
  })

  it('over other axes, of other types, and of nothing are as tfjs has them', () => {
    const x = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])
    expect([...tf.sum(x, 2).dataSync()]).toEqual([3, 7, 11, 15])
    expect([...tf.sum(x, [0, 2]).dataSync()]).toEqual([14, 22])
    expect(tf.sum(x).dataSync()[0]).toBe(36)
    const whole = tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0)
    expect([whole.dtype, ...whole.dataSync()]).toEqual(['int32', 4, 6])
    expect([...tf.sum(tf.zeros([0, 3]), 0).dataSync()]).toEqual([0, 0, 0])
  })

  it('a sum of 100,000 float32 numbers loses nothing, where float32 would', () => {
    const x = tf.fill([100_000, 2], 0.1)
    const expected = Math.fround(100_000 * Math.fround(0.1))
    expect([...tf.sum(x, 0).dataSync()]).toEqual([expected, expected])
    x.dispose()
  })
})

describe('copies', () => {
  it('share memory, and outlive what they were made of', () => {
    const x = drawn([4, 3], 7)
    const expected = [...x.dataSync()]
    const before = tf.memory().numDataBuffers
    const copy = tf.clone(x)
    const shaped = tf.reshape(copy, [12])
    expect(tf.memory().numDataBuffers).toBe(before)
    tf.dispose([x, shaped])
    // What comes next would take the memory, had it been released.
    const next = tf.ones([4, 3])
    expect([...copy.dataSync()]).toEqual(expected)
    tf.dispose([copy, next])
    expect(tf.memory().numDataBuffers).toBe(before - 1)
  })

  it('of strings are as tfjs has them', () => {
    const words = tf.clone(tf.tensor1d(['a', 'b']))
    expect([...words.dataSync<'string'>()]).toEqual(['a', 'b'])
    words.dispose()
  })
})

describe('Adam', () => {
  it('has the bits of the twelve operations, with gradients of any size, compiled and as a loop', () => {
    const heap = heapOf(tf.backend())
    const kernel = loadAdamKernel(heap)
    expect(kernel).toBeDefined()
    // Fours of weights, and what is left of them.
    const gradients = fc
      .integer({ min: 1, max: 13 })
      .chain((size) =>
        fc.array(fc.float32Array({ minLength: size, maxLength: size }), { minLength: 1, maxLength: 4 }),
      )
    fc.assert(
      fc.property(
        gradients,
        fc.constantFrom<'keras' | 'tfjs'>('keras', 'tfjs'),
        seed,
        (drawnGradients, epsilonPlacement, from) => {
          const spec = { ...adamSpec, epsilonPlacement }
          const shape = [drawnGradients[0].length]
          const optimizers = [makeTensorOptimizer(spec), makeWasmAdam(heap, spec), makeAdamLoop(heap, spec)]
          const [expected, ...found] = optimizers.map((optimizer) =>
            tf.tidy(() => {
              let weights = drawn(shape, from)
              let slots: readonly tf.Tensor[] = optimizer.slotNames.map(() => tf.zeros(shape))
              drawnGradients.forEach((values, step) => {
                const updated = optimizer.atStep(0.01, step + 1)(weights, tf.tensor(values, shape), slots)
                weights = updated.weights
                slots = updated.slots
              })
              expect(weights.shape).toEqual(shape)
              return [weights, ...slots].map((each) => each.dataSync<'float32'>().slice())
            }),
          )
          for (const each of found) expect(each).toEqual(expected)
        },
      ),
      { numRuns: 200, seed: 2103 },
    )
  })

  it('is compiled from assembly/', async () => {
    const committed = readFileSync(new URL(`../${adamFile}`, import.meta.url), 'utf8')
    expect(committed === (await renderAdamModule())).toBe(true)
  })
})
