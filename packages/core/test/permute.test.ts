import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { permute, permuteInto } from '../src/operations/permute.ts'

const sorted = { values: Float32Array.of(1, 10, 2, 20, 3, 30), length: 3, count: 2 }
const ranking = (...ranks: number[]) => ({ ranks: Uint32Array.from(ranks), length: 3, count: 2 })

describe('permute', () => {
  test('gives each weight the sorted value of its rank, column by column', () => {
    // Column 0 ranks (2, 0, 1) take (3, 1, 2); column 1 ranks (0, 2, 1) take (10, 30, 20).
    expect(permute(sorted, ranking(2, 0, 0, 2, 1, 1))).toEqual(
      E.right({ values: Float32Array.of(3, 10, 1, 30, 2, 20), length: 3, count: 2 }),
    )
  })

  test('rejects a rank that no weight has, naming weight and vector', () => {
    expect(permute(sorted, ranking(2, 0, 0, 2, 1, 3))).toEqual(
      E.left({
        _tag: 'SizeMismatch',
        what: 'ranking: rank of weight 2 of vector 1',
        expected: 'an integer from 0 to 2',
        actual: '3',
      }),
    )
  })

  test('rejects rankings of another size', () => {
    const other = { ranks: new Uint32Array(6), length: 2, count: 3 }
    expect(permute(sorted, other)).toMatchObject(E.left({ _tag: 'SizeMismatch', what: 'ranking' }))
  })

  test('throws for a rank out of range before it writes', () => {
    const out = new Float32Array(6).fill(7)
    expect(() => permuteInto(sorted, ranking(0, 0, 1, 1, 2, 4), out)).toThrow(RangeError)
    expect(out).toEqual(new Float32Array(6).fill(7))
  })

  test('throws when the output is an input', () => {
    expect(() => permuteInto(sorted, ranking(0, 0, 1, 1, 2, 2), sorted.values)).toThrow(
      /out: expected memory that sorted does not use/,
    )
  })
})
