import { rank, sort, weightVectorsOf } from '@laperm/core'
import { makeInitialParams, resolveExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { applyVariant, figures, parseVariantScores, variantLabel } from '../src/index.ts'

const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}
const experiment = must(
  resolveExperiment({
    model: 'f2',
    dataset: 'digits',
    initializer: { kind: 'heUniform' },
    sparsity: { kind: 'perKernel', fractions: [0.5, 0.5, 0.5] },
    seed: 3,
  }),
)
// Anything that could have been trained.
const trained = must(makeInitialParams({ ...experiment, seed: 8 }))
const [kernel] = trained
const vectorsOf = ({ values, shape }: typeof kernel) => weightVectorsOf(values, shape)
const sorted = (values: Float32Array) => Float32Array.from(values).sort()
/** Arrays of this size are not shown when they differ. */
const isEqual = (one: ArrayLike<number>, other: ArrayLike<number>): boolean =>
  one.length === other.length && Array.from(one).every((value, i) => value === other[i])

describe('a trained network with other values', () => {
  test('has one value where it had weights, and keeps its zeros', () => {
    const [changed] = applyVariant({ kind: 'shared', value: -1.5 }, experiment, trained)
    const expected = kernel.values.map((weight) => (weight === 0 ? 0 : -1.5))
    expect(isEqual(changed.values, expected)).toBe(true)
  })

  test('has the initial values of another seed in its own order', () => {
    // Dense: pruning leaves vectors of another seed other numbers of zeros.
    const dense = { ...experiment, sparsity: { kind: 'none' } as const }
    const before = must(makeInitialParams({ ...dense, seed: 8 }))
    const [own] = before
    const [changed] = applyVariant({ kind: 'otherSeed' }, dense, before)
    const [other] = must(makeInitialParams({ ...dense, seed: 1003 }))
    // Each weight is, of the other seed's vector, the one of its own rank.
    const { ranks } = must(rank(vectorsOf(own)))
    const { values, count } = must(sort(vectorsOf(other)))
    const expected = Float32Array.from(ranks, (r, at) => values[r * count + (at % count)])
    expect(isEqual(changed.values, expected)).toBe(true)
  })

  test('has its own values elsewhere', () => {
    const [changed] = applyVariant({ kind: 'shuffled' }, experiment, trained)
    expect(isEqual(sorted(changed.values), sorted(kernel.values))).toBe(true)
    expect(isEqual(changed.values, kernel.values)).toBe(false)
  })

  test('has two values in each layer where two are asked for', () => {
    const changed = applyVariant({ kind: 'located', theta: 'two' }, experiment, trained)
    for (const { values } of changed) expect(new Set(values).size).toBe(2)
  })
})

test('variants of a curve have labels of their own', () => {
  for (const { scales } of figures)
    for (const { variants = [] } of scales.small.curves) {
      const labels = variants.map(variantLabel)
      expect(new Set(labels).size).toBe(labels.length)
    }
})

test('a damaged file of scores is none', () => {
  expect(parseVariantScores('{"format":"laperm-variants/1","scores":[{"identity":"a"}]}')).toBeNull()
  expect(parseVariantScores('{')).toBeNull()
  expect(parseVariantScores('{"format":"laperm-variants/1","scores":[]}')).toEqual([])
})
