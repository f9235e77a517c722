/**
 * Random weight vectors that hit what sorting gets wrong: ties, zeros of both signs, subnormals, infinities, magnitudes far apart,
 * one outlier, order and nearly order, sizes around powers of two.
 */

import type { WeightVectors } from '@laperm/core'
import fc from 'fast-check'

const lengths = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 3, arbitrary: fc.constantFrom(31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257) },
  { weight: 2, arbitrary: fc.constantFrom(447, 448, 449, 511, 512, 513, 1023, 1024, 1025) },
  { weight: 1, arbitrary: fc.constantFrom(2047, 2048, 2049, 4095, 4096, 4097) },
)

const finite = fc.float({ noNaN: true, noDefaultInfinity: true })
const any = fc.float({ noNaN: true })
const special = fc.constantFrom(
  0,
  -0,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  Infinity,
  -Infinity,
  3.4028234663852886e38,
)

/** A way to fill vectors: a function of the weight's index and a stream of numbers in [0, 1). */
const fills = {
  uniform: (_i: number, u: () => number) => u() - 0.5,
  ties: (_i: number, u: () => number) => Math.floor(u() * 4) - 2,
  sparse: (_i: number, u: () => number) => (u() < 0.7 ? 0 : u() - 0.5),
  signedZeros: (_i: number, u: () => number) => (u() < 0.8 ? (u() < 0.5 ? 0 : -0) : u() - 0.5),
  shared: () => 0.03,
  subnormal: (_i: number, u: () => number) => Math.floor(u() * 1000 - 500) * 2 ** -149,
  wide: (_i: number, u: () => number) => (u() - 0.5) * 2 ** (u() * 240 - 120),
  outlier: (i: number, u: () => number) => (i === 3 ? 1e30 : u() - 0.5),
  infinities: (_i: number, u: () => number) => (u() < 0.1 ? (u() < 0.5 ? Infinity : -Infinity) : u() - 0.5),
  ascending: (i: number) => i,
  descending: (i: number) => -i,
  nearly: (i: number, u: () => number) => i + 8 * u(),
  organ: (i: number) => (i % 2 === 0 ? i : -i),
} as const

const filled = fc
  .record({
    length: lengths,
    count: fc.integer({ min: 0, max: 20 }),
    fill: fc.constantFrom(...(Object.keys(fills) as (keyof typeof fills)[])),
    seed: fc.integer(),
  })
  .map(({ length, count, fill, seed }): WeightVectors => {
    let state = seed | 0
    // Marsaglia's xorshift32 is random enough to fill a test vector.
    const u = () => {
      state = state === 0 ? 0x9e3779b9 | 0 : state
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return (state >>> 0) / 2 ** 32
    }
    const values = Float32Array.from({ length: length * count }, (_, p) =>
      fills[fill](Math.floor(p / count), u),
    )
    return { values, length, count }
  })

const listed = fc
  .tuple(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 1, max: 3 }))
  .chain(([length, count]) =>
    fc
      .array(fc.oneof(finite, any, special), { minLength: length * count, maxLength: length * count })
      .map((values): WeightVectors => ({ values: Float32Array.from(values), length, count })),
  )

/** Weight vectors without NaN. */
export const weightVectors: fc.Arbitrary<WeightVectors> = fc.oneof(
  { weight: 3, arbitrary: filled },
  { weight: 1, arbitrary: listed },
)

/** Two matrices of one size: values to sort and weights to rank. */
export const weightVectorPairs: fc.Arbitrary<readonly [WeightVectors, WeightVectors]> = fc
  .tuple(weightVectors, fc.integer())
  .map(([w, seed]) => {
    // The same values, moved about and shifted, in the role of theta_0.
    const values = w.values.map((_, p) => {
      const i = Math.floor(p / w.count)
      return Math.sin(i * 12.9898 + (p % w.count) + seed)
    })
    return [{ values, length: w.length, count: w.count }, w] as const
  })
