import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { renderError } from '../src/errors/errors.ts'
import { pruneParams, type SparsitySpec } from '../src/initial-weights/sparsity.ts'
import type { Parameter, Params } from '../src/parameter.ts'
import { bitsOf, chiSquareScore, hashBits } from './statistics.ts'

const parameter = (
  name: string,
  shape: readonly number[],
  role: Parameter['role'] = 'kernel',
): Parameter => ({
  name,
  shape,
  role,
  values: new Float32Array(shape.reduce((product, axis) => product * axis, 1)).fill(-1),
})

const network: Params = [
  parameter('conv1/kernel', [3, 3, 1, 11]),
  parameter('conv1/bias', [11], 'bias'),
  parameter('batchNorm1/gamma', [11], 'gamma'),
  parameter('dense1/kernel', [20, 13]),
  parameter('dense2/kernel', [13, 10]),
  parameter('odd/kernel', [50]),
]

const prune = (sparsity: SparsitySpec, seed = 1, params = network): Params => {
  const pruned = pruneParams(params, sparsity, seed)
  if (E.isLeft(pruned)) throw new Error(renderError(pruned.left))
  return pruned.right
}

const zeros = (parameter: Parameter): number => parameter.values.filter((value) => value === 0).length

describe('pruneParams', () => {
  test('prunes exactly the rounded fraction of each kernel, the first at most 20%, and no 1-D parameter', () => {
    // 99 * 0.2 = 19.8, 260 * 0.7 = 182, 130 * 0.7 = 91.
    expect(prune({ kind: 'uniform', fraction: 0.7 }).map(zeros)).toEqual([20, 0, 0, 182, 91, 0])
    // Below 20% the first kernel is like the others: 99 * 0.1 = 9.9.
    expect(prune({ kind: 'uniform', fraction: 0.1 }).map(zeros)).toEqual([10, 0, 0, 26, 13, 0])
  })

  test('takes fractions of single kernels literally', () => {
    const sparsity: SparsitySpec = { kind: 'perKernel', fractions: [14 / 15, 6 / 7, 0] }
    // 99 * 14/15 = 92.4, 260 * 6/7 = 222.86.
    expect(prune(sparsity).map(zeros)).toEqual([92, 0, 0, 223, 0, 0])
  })

  test('writes +0, keeps all other weights, and never writes its input', () => {
    const pruned = prune({ kind: 'uniform', fraction: 0.5 })
    for (const { values } of pruned)
      for (const bits of bitsOf(values)) expect([0, bitsOf(Float32Array.of(-1))[0]]).toContain(bits)
    expect(network.every(({ values }) => values.every((value) => value === -1))).toBe(true)
  })

  test('prunes nothing when asked for nothing', () => {
    expect(prune({ kind: 'none' })).toEqual(network)
    expect(prune({ kind: 'uniform', fraction: 0 })).toEqual(network)
  })

  test('depends on the seed, and a kernel not on its neighbours', () => {
    const sparsity: SparsitySpec = { kind: 'uniform', fraction: 0.5 }
    expect(prune(sparsity, 1)).toEqual(prune(sparsity, 1))
    expect(prune(sparsity, 1)[3]).not.toEqual(prune(sparsity, 2)[3])
    expect(prune(sparsity, 1)[3].values).toEqual(
      prune({ kind: 'perKernel', fractions: [0, 0.5] }, 1, [network[0], network[3]])[1].values,
    )
  })

  test('chooses every position equally often', () => {
    const small = [parameter('first', [1, 1]), parameter('kernel', [4, 5])]
    const counts = new Float64Array(20)
    for (let seed = 0; seed < 2000; seed++)
      for (const [i, value] of prune({ kind: 'uniform', fraction: 0.3 }, seed, small)[1].values.entries())
        if (value === 0) counts[i]++
    // 6 of 20 without replacement: counts vary by a factor 1 - 0.3 less than independent ones, so the score stays below 0.
    expect(chiSquareScore(counts, 600)).toBeLessThan(5)
  })

  test('refuses fractions outside [0, 1) and a wrong number of them', () => {
    const message = (sparsity: SparsitySpec): string => {
      const pruned = pruneParams(network, sparsity, 1)
      return E.isLeft(pruned) ? renderError(pruned.left) : 'accepted'
    }
    for (const fraction of [1, -0.1, Number.NaN])
      expect(message({ kind: 'uniform', fraction })).toBe(
        `sparsity.fraction is ${fraction}, but it must be a number of at least 0 and below 1.`,
      )
    expect(message({ kind: 'perKernel', fractions: [0.5] })).toBe(
      'sparsity is [0.5], but the model has 3 kernels, and each needs its fraction.',
    )
    expect(message({ kind: 'perKernel', fractions: [0.5, 1.5, 0] })).toMatch(
      /^sparsity\.fractions\[1\] is 1.5/,
    )
  })

  test('output that must not change', () => {
    expect(hashBits(prune({ kind: 'uniform', fraction: 0.7 }, 42)[3].values)).toBe('74c0e3e5')
  })
})
