import fc from 'fast-check'
import { expect, it } from 'vitest'
import { depth, splitK } from '../src/webgpu-kernels/split-k.ts'

it('a small kernel over many places gets about a thousand workgroups', () => {
  // 3x3x32 rows are 5 tiles of 64, 32 columns one of 32: 1024 / 5 = 205 chunks of 28,800 / 205 = 140.5 places, which are 9 x 16.
  expect(splitK(288, 32, 50 * 24 * 24)).toEqual({
    tileRows: 64,
    tileColumns: 32,
    chunks: 200,
    chunkLength: 144,
  })
})

it('a chunk has at least 64 places', () => {
  // One tile would want 1024 chunks; 33,800 / 64 = 528 of them are allowed, of 64.02 places, which are 5 x 16.
  expect(splitK(9, 32, 50 * 26 * 26)).toEqual({ tileRows: 32, tileColumns: 32, chunks: 423, chunkLength: 80 })
  expect(splitK(9, 32, 127).chunks).toBe(1)
  expect(splitK(9, 32, 128).chunks).toBe(2)
})

it('partial sums fill 16 MiB at most', () => {
  // 36 x 4 tiles want 8 chunks; 2^22 / (2304 x 256) = 7.1 are allowed, of 3200 / 7 = 457.1 places, which are 29 x 16.
  expect(splitK(2304, 256, 3200)).toEqual({ tileRows: 64, tileColumns: 64, chunks: 7, chunkLength: 464 })
  expect(splitK(4608, 512, 40_000).chunks).toBe(1)
})

it('the chunks hold every place, and none is empty', () => {
  const size = fc.integer({ min: 1, max: 5000 })
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 1, max: 1024 }),
      fc.integer({ min: 1, max: 100_000 }),
      (rows, columns, places) => {
        const { chunks, chunkLength } = splitK(rows, columns, places)
        expect(chunkLength % depth).toBe(0)
        expect(chunks * chunkLength).toBeGreaterThanOrEqual(places)
        expect((chunks - 1) * chunkLength).toBeLessThan(places)
        if (chunks > 1) expect(chunks * rows * columns).toBeLessThanOrEqual(2 ** 22)
      },
    ),
  )
})
