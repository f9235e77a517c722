import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { bitsOf } from '../../../test/first-difference.ts'
import { sort, sortInto } from '../src/operations/sort.ts'

const vector = (...values: number[]) => ({
  values: Float32Array.from(values),
  length: values.length,
  count: 1,
})

describe('sort', () => {
  test('sorts each column on its own', () => {
    // Columns (3, 1, 2) and (-1, -3, -2) of a [3, 2] matrix become (1, 2, 3) and (-3, -2, -1).
    const w = { values: Float32Array.of(3, -1, 1, -3, 2, -2), length: 3, count: 2 }
    expect(sort(w)).toEqual(E.right({ values: Float32Array.of(1, -3, 2, -2, 3, -1), length: 3, count: 2 }))
    expect(w.values).toEqual(Float32Array.of(3, -1, 1, -3, 2, -2))
  })

  test('writes every zero as +0 and takes infinities and subnormals as numbers', () => {
    const w = vector(0, -0, Infinity, -(2 ** -149), 2 ** -149, -Infinity, -0)
    const out = new Float32Array(7)
    sortInto(w, out)
    expect(bitsOf(out)).toEqual(
      bitsOf(Float32Array.of(-Infinity, -(2 ** -149), 0, 0, 0, 2 ** -149, Infinity)),
    )
  })

  test('writes zeros as +0 also where all weights are zeros', () => {
    const out = new Float32Array(3)
    sortInto(vector(-0, 0, -0), out)
    expect(bitsOf(out)).toEqual(Uint32Array.of(0, 0, 0))
  })

  test('sorts in place when the output is the input', () => {
    const w = vector(5, -2, 7, 0)
    sortInto(w, w.values)
    expect(w.values).toEqual(Float32Array.of(-2, 0, 5, 7))
  })

  test('reports NaN with variable, vector and index', () => {
    const w = { values: Float32Array.of(1, 2, 3, Number.NaN), length: 2, count: 2 }
    expect(sort(w, 'dense/kernel')).toEqual(
      E.left({ _tag: 'Diverged', variable: 'dense/kernel', vector: 1, index: 1 }),
    )
  })

  test('says which size does not fit', () => {
    expect(sort({ values: new Float32Array(5), length: 3, count: 2 })).toMatchObject(
      E.left({ _tag: 'SizeMismatch', what: 'w', expected: '3 * 2 = 6 elements', actual: '5' }),
    )
  })
})
