import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { bitsOf } from '../../../test/first-difference.ts'
import { DivergedError } from '../src/errors/diverged-error.ts'
import { sync, syncInto } from '../src/operations/sync.ts'

const vector = (...values: number[]) => ({
  values: Float32Array.from(values),
  length: values.length,
  count: 1,
})

describe('sync', () => {
  test('gives the smallest weight the smallest sorted value, and so on', () => {
    // Ranks of (0.5, 0.1, 0.2) are (2, 0, 1).
    expect(sync(vector(-1, 0, 2), vector(0.5, 0.1, 0.2))).toEqual(E.right(vector(2, -1, 0)))
  })

  test('synchronizes each column on its own', () => {
    // Column 0: ranks of (9, 8, 7) are (2, 1, 0); column 1: ranks of (5, 5, 4) are (1, 2, 0).
    const sorted = { values: Float32Array.of(1, 10, 2, 20, 3, 30), length: 3, count: 2 }
    const w = { values: Float32Array.of(9, 5, 8, 5, 7, 4), length: 3, count: 2 }
    expect(sync(sorted, w)).toEqual(
      E.right({ values: Float32Array.of(3, 20, 2, 30, 1, 10), length: 3, count: 2 }),
    )
  })

  test('works in place: the output may be w itself', () => {
    const w = vector(0.5, 0.1, 0.2)
    syncInto(vector(-1, 0, 2), w, w.values)
    expect(w.values).toEqual(Float32Array.of(2, -1, 0))
  })

  test('writes sorted values as they are, bit for bit', () => {
    const out = new Float32Array(2)
    syncInto(vector(-0, 0), vector(2, 1), out)
    expect(bitsOf(out)).toEqual(bitsOf(Float32Array.of(0, -0)))
  })

  test('reports NaN with variable, vector and index, and permutes nothing', () => {
    // Weight 70 of vector 33 diverged; even the vectors before it stay as they were.
    const length = 80
    const count = 40
    const values = new Float32Array(length * count).map((_, p) => Math.sin(p))
    const before = values.slice()
    values[70 * count + 33] = Number.NaN
    const w = { values, length, count }
    const sorted = { values: before, length, count }
    expect(sync(sorted, w, 'conv2/kernel')).toEqual(
      E.left({ _tag: 'Diverged', variable: 'conv2/kernel', vector: 33, index: 70 }),
    )
    expect(() => syncInto(sorted, w, values)).toThrow(DivergedError)
    before[70 * count + 33] = Number.NaN
    expect(values).toEqual(before)
  })

  test('takes infinities of both signs for numbers, not for NaN', () => {
    expect(sync(vector(1, 2, 3, 4), vector(Infinity, -Infinity, 0, -Infinity))).toEqual(
      E.right(vector(4, 1, 3, 2)),
    )
  })

  test('vectors of any length follow one another in the same memory', () => {
    for (const length of [600, 1, 0, 17, 300, 599]) {
      const w = Float32Array.from({ length: length * 3 }, (_, p) => Math.cos(p * p))
      const sorted = Float32Array.from({ length: length * 3 }, (_, p) => Math.floor(p / 3))
      const out = new Float32Array(length * 3)
      syncInto({ values: sorted, length, count: 3 }, { values: w, length, count: 3 }, out)
      // theta_sorted is 0, 1, 2, ...: the result is the ranking, so values in rank order ascend.
      for (let j = 0; j < 3; j++) {
        const byRank = new Float32Array(length)
        for (let i = 0; i < length; i++) byRank[out[i * 3 + j]] = w[i * 3 + j]
        expect([...byRank].every((v, r) => r === 0 || byRank[r - 1] <= v)).toBe(true)
      }
    }
  })
})

describe('buffers are checked before anything is written', () => {
  const w = { values: Float32Array.of(4, 3, 2, 1), length: 2, count: 2 }
  const bad = (values: Float32Array, length: number, count: number) => ({ values, length, count })
  test.each([
    [
      'a length below zero',
      bad(new Float32Array(4), -2, -2),
      /w\.length: expected a non-negative integer, got -2/,
    ],
    ['a length that is no integer', bad(new Float32Array(4), 2.5, 2), /w\.length: .* got 2\.5/],
    ['a count that is NaN', bad(new Float32Array(4), 2, Number.NaN), /w\.count: .* got NaN/],
    [
      'a product beyond 2^53',
      bad(new Float32Array(4), 2 ** 30, 2 ** 30),
      /length \* count of at most 2\^53 - 1/,
    ],
    ['values too few', bad(new Float32Array(3), 2, 2), /w: expected 2 \* 2 = 4 elements, got 3/],
    [
      'another size than sorted',
      bad(new Float32Array(4), 4, 1),
      /w: expected \[2, 2\] as sorted has, got \[4, 1\]/,
    ],
  ])('%s', (_name, wrong, message) => {
    const out = new Float32Array(4)
    expect(() => syncInto(w, wrong, out)).toThrow(RangeError)
    expect(() => syncInto(w, wrong, out)).toThrow(message)
    expect(out).toEqual(new Float32Array(4))
    expect(E.isLeft(sync(w, wrong))).toBe(true)
  })

  test.each([
    ['too short', new Float32Array(3), /out: expected 2 \* 2 = 4 elements, got 3/],
    ['theta_sorted itself', w.values, /out: expected memory that sorted does not use/],
  ])('an output that is %s', (_name, out, message) => {
    const before = w.values.slice()
    expect(() => syncInto(w, { ...w, values: before.slice() }, out)).toThrow(message)
    expect(w.values).toEqual(before)
  })

  test('an output that overlaps w in part', () => {
    const memory = new Float32Array(5)
    expect(() => syncInto(w, bad(memory.subarray(0, 4), 2, 2), memory.subarray(1, 5))).toThrow(
      /out: expected memory that w does not use/,
    )
  })
})
