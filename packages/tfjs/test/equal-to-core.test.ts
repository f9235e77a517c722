/**
 * Step by step the same as core's reference, and every ranking route the same as core's synchronization.
 */
import { lookahead as coreLookahead, laPerm, type Params, sgd, sort, sync } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { beforeEach, describe, expect, test } from 'vitest'
import { countingRank, countingSync, sortByRanks } from '../src/counting-rank.ts'
import { hostSort, hostSync } from '../src/host-sync.ts'
import { laperm, lookahead } from '../src/index.ts'
import { bits, useBackend } from './tiny-models.ts'

const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

/** Numbers of few bits: their sums and products with powers of two are exact, so that rounding cannot tell two engines apart. */
const dyadic = (seed: number, size: number): Float32Array => {
  let state = seed
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 20) - 2048) / 1024
  })
}

const shapes = [
  { name: 'conv/kernel', shape: [3, 3, 2, 4], role: 'kernel' },
  { name: 'conv/bias', shape: [4], role: 'bias' },
  { name: 'dense/kernel', shape: [16, 3], role: 'kernel' },
] as const

const lastAxisOfKernels = ({ rank }: tf.Variable) => (rank > 1 ? [rank - 1] : undefined)

const params: Params = shapes.map(({ name, shape, role }, i) => ({
  name,
  shape,
  role,
  values: dyadic(
    i + 1,
    shape.reduce((product: number, axis) => product * axis, 1),
  ),
}))

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeEach(() => useBackend(backend))

  test.each([
    [
      'laperm',
      () => laperm(tf.train.sgd(0.5), { syncPeriod: 3, neuronAxesOf: lastAxisOfKernels }),
      () => laPerm({ inner: sgd({ learningRate: 0.5 }), syncPeriod: 3, permutedRoles: ['kernel'] }),
    ],
    [
      'lookahead',
      () => lookahead(tf.train.sgd(0.5), { syncPeriod: 3 }),
      () => coreLookahead({ inner: sgd({ learningRate: 0.5 }), syncPeriod: 3 }),
    ],
  ])('%s takes core’s steps, bit for bit, for 10 steps', (name, makeOptimizer, makeReference) => {
    const variables = params.map(({ values, shape, name: variable }) =>
      tf.variable(tf.tensor(values.slice(), [...shape]), true, `${backend}/${name}/${variable}`),
    )
    const optimizer = makeOptimizer()
    const reference: {
      init: (params: Params) => unknown
      step: (gradients: Float32Array[], state: never, params: Params) => readonly [Params, unknown]
    } = makeReference()
    let expected: Params = params
    let state = reference.init(params)
    for (let step = 1; step <= 10; step++) {
      const gradients = params.map(({ values }, i) => dyadic(step * 10 + i, values.length))
      ;[expected, state] = reference.step(gradients, state as never, expected)
      tf.tidy(() =>
        optimizer.applyGradients(
          variables.map((variable, i) => ({
            name: variable.name,
            tensor: tf.tensor(gradients[i], variable.shape),
          })),
        ),
      )
      expect(
        variables.map((variable) => bits(variable.dataSync())),
        `step ${step}`,
      ).toEqual(expected.map(({ values }) => bits(values)))
    }
    optimizer.dispose()
    tf.dispose(variables)
  })

  test('host and counting routes equal core on ties, zeros of both signs, infinities and any length', () => {
    const weight = fc.oneof(
      fc.float({ noNaN: true }),
      fc.constantFrom(0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** -126),
    )
    const matrix = fc
      .tuple(fc.constantFrom(1, 2, 3, 8, 9, 31, 33), fc.integer({ min: 1, max: 5 }))
      .chain(([length, count]) =>
        fc.tuple(
          fc.constant({ length, count }),
          fc.array(weight, { minLength: length * count, maxLength: length * count }),
          fc.array(weight, { minLength: length * count, maxLength: length * count }),
        ),
      )
    fc.assert(
      fc.property(matrix, ([{ length, count }, initial, trained]) => {
        const vectors = (values: readonly number[]) => ({
          values: Float32Array.from(values),
          length,
          count,
        })
        const sorted = right(sort(vectors(initial)))
        const synced = right(sync(sorted, vectors(trained)))
        tf.tidy(() => {
          const tensor = (values: ArrayLike<number>) =>
            tf.tensor2d(Float32Array.from(values), [length, count], 'float32')
          const w0 = tensor(initial)
          expect(bits(hostSort(w0, '').dataSync())).toEqual(bits(sorted.values))
          expect(bits(sortByRanks(w0, countingRank(w0)).dataSync())).toEqual(bits(sorted.values))
          const w = tensor(trained)
          const thetaSorted = tensor(sorted.values)
          expect(bits(hostSync(thetaSorted, w, '').dataSync())).toEqual(bits(synced.values))
          expect(bits(countingSync(thetaSorted, w).dataSync())).toEqual(bits(synced.values))
        })
      }),
      { numRuns: 60 },
    )
  })

  test('counting in blocks of any size gives the same ranks', () => {
    const length = 31
    const count = 3
    const values = dyadic(9, length * count).map((value, i) => (i % 5 === 0 ? 0.5 : value))
    const w = tf.tensor2d(values, [length, count])
    const iota = Float32Array.from({ length: length * count }, (_, i) => Math.floor(i / count))
    const expected = right(sync({ values: iota, length, count }, { values, length, count }))
    // One row a block, five rows, all but one row, all rows.
    for (const maxBlock of [1, 5 * length * count, 30 * length * count, 2 ** 22]) {
      expect([...countingRank(w, maxBlock).dataSync()]).toEqual([...expected.values])
    }
    w.dispose()
  })
})
