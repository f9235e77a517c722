import type { WeightVectors } from '@laperm/core'
import { rankInto, sortInto, syncInto } from '@laperm/core/kernel'
import { rank as referenceRank } from '@laperm/core/reference'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { weightVectorPairs, weightVectors } from '../../../test/weight-vectors-arbitrary.ts'
import { wasmBackendForTests } from './wasm-instance.ts'

const { wasmSync } = await wasmBackendForTests()
const sortedBy = (w: WeightVectors): WeightVectors => {
  const values = new Float32Array(w.values.length)
  sortInto(w, values)
  return { ...w, values }
}
const sameBits = (actual: Float32Array, expected: Float32Array) =>
  expect(firstDifference(bitsOf(actual), bitsOf(expected))).toBeNull()

/** The same matrices in the kernel's memory, and room for a result; `shift` weights behind where an array starts. */
const residentCopies = (sorted: WeightVectors, w: WeightVectors, shift = 0) => {
  const size = w.values.length + shift
  const [ownSorted, ownW, out] = wasmSync
    .allocate([size, size, size], w.length)
    .map((values) => values.subarray(shift))
  ownSorted.set(sorted.values)
  ownW.set(w.values)
  return { sorted: { ...sorted, values: ownSorted }, w: { ...w, values: ownW }, out }
}

const expectCoresBits = (theta0: WeightVectors, w: WeightVectors): void => {
  const sorted = sortedBy(theta0)
  const size = w.values.length
  const expected = new Float32Array(size)
  const out = new Float32Array(size).fill(Number.NaN)
  syncInto(sorted, w, expected)
  wasmSync.syncInto(sorted, w, out)
  sameBits(out, expected)
  const resident = residentCopies(sorted, w)
  wasmSync.syncInto(resident.sorted, resident.w, resident.out)
  sameBits(resident.out, expected)
  sameBits(resident.w.values, w.values)
  wasmSync.syncInto(resident.sorted, resident.w, resident.w.values)
  sameBits(resident.w.values, expected)
  const inPlace = w.values.slice()
  wasmSync.syncInto(sorted, { ...w, values: inPlace }, inPlace)
  sameBits(inPlace, expected)
  wasmSync.sortInto(w, out)
  sameBits(out, sortedBy(w).values)
  const expectedRanks = new Uint32Array(size)
  const ranks = new Uint32Array(size).fill(77)
  rankInto(w, expectedRanks)
  wasmSync.rankInto(w, ranks)
  expect(firstDifference(ranks, expectedRanks)).toBeNull()
}

describe("core's bits", () => {
  test('for weights of every kind', () => {
    fc.assert(
      fc.property(weightVectorPairs, ([theta0, w]) => {
        fc.pre(w.values.length > 0)
        expectCoresBits(theta0, w)
      }),
      { numRuns: 300 },
    )
  })

  test('and a comparator sort its ranks', () => {
    fc.assert(
      fc.property(weightVectors, (w) => {
        const ranks = new Uint32Array(w.values.length)
        wasmSync.rankInto(w, ranks)
        expect(firstDifference(ranks, referenceRank(w).ranks)).toBeNull()
      }),
      { numRuns: 200 },
    )
  })

  // Each size is another way through the plan of blocks: whole, long rows or groups, pairs or words, rows of an odd length, whole or partial merges.
  test.each([
    [9, 512],
    [27, 5000],
    [40, 2190],
    [48, 1823],
    [64, 3001],
    [80, 1092],
    [81, 1095],
    [65, 700],
    [66, 3002],
    [72, 1824],
    [144, 1000],
    [255, 700],
    [288, 1041],
    [256, 1024],
    [576, 512],
    [576, 529],
    [577, 420],
    [1152, 256],
    [1152, 301],
    [2304, 129],
    [2047, 130],
    [2048, 133],
    [4608, 66],
    [16384, 11],
    [16385, 9],
    [144, 4],
    [144, 6],
    [10912, 18],
    [10922, 17],
    [65535, 2],
    [65536, 2],
  ])('for %i weights in each of %i vectors', (length, count) => {
    const fill = (seed: number) =>
      Float32Array.from({ length: length * count }, (_, p) => (Math.sin(p * 12.9898 + seed) * 43758.5453) % 1)
    const w = { values: fill(1), length, count }
    const sorted = { values: fill(2), length, count }
    const expected = new Float32Array(length * count)
    const out = new Float32Array(length * count)
    syncInto(sorted, w, expected)
    wasmSync.syncInto(sorted, w, out)
    sameBits(out, expected)
    const resident = residentCopies(sorted, w, 3)
    wasmSync.syncInto(resident.sorted, resident.w, resident.out)
    sameBits(resident.out, expected)
    const expectedRanks = new Uint32Array(length * count)
    const ranks = new Uint32Array(length * count)
    rankInto(w, expectedRanks)
    wasmSync.rankInto(w, ranks)
    expect(firstDifference(ranks, expectedRanks)).toBeNull()
    sortInto(w, expected)
    wasmSync.sortInto(w, out)
    sameBits(out, expected)
  })

  test.each([
    [800, 400],
    [576, 529],
    [4608, 67],
  ])(
    'where arrays start in the middle of a buffer, at 4 bytes, for %i weights in each of %i vectors',
    (length, count) => {
      const shifted = (values: Float32Array) => {
        const memory = new Float32Array(values.length + 1)
        memory.set(values, 1)
        return memory.subarray(1)
      }
      const w = {
        values: shifted(Float32Array.from({ length: length * count }, (_, p) => Math.cos(p * p))),
        length,
        count,
      }
      const sorted = { ...w, values: shifted(sortedBy(w).values) }
      const out = shifted(new Float32Array(length * count))
      const expected = new Float32Array(length * count)
      syncInto(sorted, w, expected)
      wasmSync.syncInto(sorted, w, out)
      sameBits(out, expected)
    },
  )
})
