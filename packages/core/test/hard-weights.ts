/** Weights that are hard to order, and what is expected of their ranks. */
import { expect } from 'vitest'
import { firstDifference } from '../../../test/first-difference.ts'
import { rankInto } from '../src/operations/rank.ts'
import { makeRandom } from '../src/random/random.ts'
import * as reference from '../src/reference/index.ts'

type Draw = (random: ReturnType<typeof makeRandom>, i: number) => number

/** Weights that no slices of equal width tell apart, each its own reason. */
const hardWeights = {
  'of magnitudes from 2^-90 to 2^90': (random) =>
    (random.nextUniform() - 0.5) * 2 ** (random.nextInt(181) - 90),
  'beside one that is far away': (random, i) => (i === 3 ? 1e20 : random.nextUniform()),
  'with infinities among them': (random) =>
    random.nextInt(9) === 0 ? (random.nextInt(2) === 0 ? Infinity : -Infinity) : random.nextUniform(),
  // 2^31 apart from -1 to 1, but half of them within 2^-20: neighbours alone do not give that away.
  'half of them in a narrow heap': (random, i) =>
    i % 2 === 0 ? random.nextUniform() * 2 - 1 : random.nextUniform() * 2 ** -20,
  'of all bits that are numbers': (random) => {
    const value = new Float32Array(Uint32Array.of(random.nextUint32()).buffer)[0]
    return Number.isNaN(value) ? 0 : value
  },
} satisfies Record<string, Draw>

/** Weights of vectors that lie side by side. */
const neighbours = {
  ...hardWeights,
  plain: (random) => random.nextNormal(),
  'all equal': () => 0.03,
  'mostly zeros': (random) => (random.nextInt(10) < 7 ? 0 : random.nextUniform() - 0.5),
} satisfies Record<string, Draw>

const expectRanksOfReference = (length: number, count: number, draw: (i: number, j: number) => number) => {
  const values = Float32Array.from({ length: length * count }, (_, p) =>
    draw(Math.floor(p / count), p % count),
  )
  const w = { values, length, count }
  const ranks = new Uint32Array(values.length)
  rankInto(w, ranks)
  expect(firstDifference(ranks, reference.rank(w).ranks)).toBeNull()
}

export type HardKind = keyof typeof hardWeights
export const hardKinds = Object.keys(hardWeights) as HardKind[]

/** Vectors of one kind: four and two, or a long one. */
export const expectRanksOfKind = (kind: HardKind, length: number): void => {
  const random = makeRandom(1, 'hard-orders', length, hardKinds.indexOf(kind))
  expectRanksOfReference(length, length > 5000 ? 1 : 6, (i) => hardWeights[kind](random, i))
}

/** Neighbours are ordered four at a time and share counters of two halves: neither may be seen in the other's order. */
export const expectRanksOfNeighbours = (length: number): void => {
  const draws = Object.values(neighbours)
  // Each kind twice, beside two others; and an odd one at the end.
  const columns = [...draws, ...draws.toReversed(), neighbours.plain]
  const random = makeRandom(3, 'neighbours', length)
  expectRanksOfReference(length, columns.length, (i, j) => columns[j](random, i))
}
