/**
 * Kinds of weights that find faults: each a way to fill a vector.
 */
import type { Random } from '@laperm/core'

type Fill = (random: Random, index: number, length: number) => number

const uniform: Fill = (random) => random.nextUniform() - 0.5
const sign = (random: Random): number => (random.nextUint32() % 2 === 0 ? 1 : -1)

const fills = {
  /** What a network starts from. */
  uniform,
  normal: (random) => random.nextNormal() * 0.05,
  /** Seven values share all places. */
  ties: (random) => random.nextInt(7) / 4 - 0.75,
  /** 70% pruned to +0. */
  sparse: (random, i, n) => (random.nextInt(10) < 7 ? 0 : uniform(random, i, n)),
  /** One shared value (Section 5.5). */
  shared: () => 0.03,
  /** One shared value of both signs. */
  twoValued: (random) => 0.08 * sign(random),
  /** Mostly +0 and -0. */
  signedZeros: (random, i, n) => (random.nextInt(10) < 8 ? sign(random) * 0 : uniform(random, i, n)),
  /** Below the smallest normal float32, 2^-126. */
  subnormal: (random) => (random.nextInt(4001) - 2000) * 2 ** -149,
  /** Magnitudes from 2^-90 to 2^90. */
  wide: (random, i, n) => uniform(random, i, n) * 2 ** (random.nextInt(181) - 90),
  infinities: (random, i, n) => (random.nextInt(8) === 0 ? sign(random) * Infinity : uniform(random, i, n)),
  /** One weight far from all others. */
  outlier: (random, i, n) => (i === n >> 1 ? 1e20 : uniform(random, i, n)),
  ascending: (_random, i, n) => (i - (n >> 1)) / 8,
  reversed: (_random, i, n) => ((n >> 1) - i) / 8,
  /** Ascending, each weight a few places off: what a small sync period leaves to do. */
  nearlySorted: (random, i, n) => i + random.nextUniform() * Math.max(2, n * 0.04),
  /** Neighbouring float32 numbers: no digit but the last tells them apart. */
  adjacent: (random) => 1 + random.nextInt(64) * 2 ** -23,
} satisfies Record<string, Fill>

/** Name of a kind of weights. */
export type WeightsKind = keyof typeof fills

/** All kinds of weights. */
export const weightsKinds = Object.keys(fills) as readonly WeightsKind[]

/** Fill `length * count` float32 values, row-major, drawing from a stream. */
export const fillWeights = (
  kind: WeightsKind,
  length: number,
  count: number,
  random: Random,
): Float32Array<ArrayBuffer> => {
  const values = new Float32Array(length * count)
  const fill: Fill = fills[kind]
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < count; j++) values[i * count + j] = fill(random, i, length)
  }
  return values
}
