/**
 * Trials: the generated cases on which the laws are checked. A trial is a function of four small values, so it can be made again.
 */
import { makeRandom, type WeightVectors } from '@laperm/core'
import * as reference from '@laperm/core/reference'
import fc from 'fast-check'
import { fillWeights, type WeightsKind, weightsKinds } from './weights.ts'

/** All there is to know about a trial. */
export interface TrialSpec {
  readonly weights: WeightsKind
  readonly length: number
  readonly count: number
  readonly seed: number
}

/** Weights to check laws on. */
export interface Trial extends TrialSpec {
  /** Initial weights of the same size; uniform, tied or sparse. */
  readonly theta0: WeightVectors
  /** theta_0 sorted by the reference. */
  readonly sorted: WeightVectors
  /** The weights to rank. */
  readonly w: WeightVectors
  /** What the reference makes of them, computed once, when it is first asked for. */
  readonly expected: ExpectedResults
}

/** The reference's results, each as a bank holds it: ranks as float32 numbers. */
export interface ExpectedResults {
  /** `w` sorted. */
  readonly sort: () => WeightVectors
  /** The ranking of `w`. */
  readonly rank: () => WeightVectors
  /** `sorted` synchronized by `w`. */
  readonly sync: () => WeightVectors
}

/** A result that is computed when it is first asked for, and kept: the reference is slow. */
const once = <A extends object>(compute: () => A): (() => A) => {
  let result: A | undefined
  return () => {
    result ??= compute()
    return result
  }
}

const expectedOf = (sorted: WeightVectors, w: WeightVectors): ExpectedResults => {
  const ranking = once(() => reference.rank(w))
  return {
    sort: once(() => reference.sort(w)),
    rank: once(() => ({ values: Float32Array.from(ranking().ranks), length: w.length, count: w.count })),
    // What `reference.sync` is, with the ranking at hand.
    sync: once(() => reference.permute(sorted, ranking())),
  }
}

const initialKinds: readonly WeightsKind[] = [
  'uniform',
  'normal',
  'sparse',
  'ties',
  'twoValued',
  'signedZeros',
]

/** Make a trial from its description: the same one every time. */
export const makeTrial = (spec: TrialSpec): Trial => {
  const { weights, length, count, seed } = spec
  const size = { length, count }
  const initialKind = initialKinds[Math.abs(seed) % initialKinds.length]
  const theta0 = {
    values: fillWeights(initialKind, length, count, makeRandom(seed, 'conformance theta0')),
    ...size,
  }
  const sorted = reference.sort(theta0)
  const w = { values: fillWeights(weights, length, count, makeRandom(seed, 'conformance w')), ...size }
  return { ...spec, theta0, sorted, w, expected: expectedOf(sorted, w) }
}

/** Lengths where blocks, digits and padding begin and end, and the lengths of the paper's networks. */
const boundaryLengths = (maxLength: number): number[] => {
  const lengths = new Set([0, 1, 2, 9, 25, 27, 144, 288, 576, 800, 1152, 1600, 2304, 4608])
  for (let k = 2; 2 ** k - 1 <= maxLength; k++) for (const d of [-1, 0, 1]) lengths.add(2 ** k + d)
  return [...lengths].filter((length) => length <= maxLength).sort((a, b) => a - b)
}

const counts = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64]

/** The most vectors of a length that keep a trial small: a device is to be checked, not heated. */
const fitCount = (length: number, count: number, maxWeights: number): number =>
  Math.max(1, Math.min(count, Math.floor(maxWeights / Math.max(1, length))))

const usableKinds = (withSubnormals: boolean): readonly WeightsKind[] =>
  withSubnormals ? weightsKinds : weightsKinds.filter((kind) => kind !== 'subnormal')

/**
 * The trials of a run: every boundary length with kinds of weights in turn, then random ones.
 *
 * @param seed any safe integer.
 * @param randomTrials how many random trials follow the boundary lengths.
 * @param maxLength longest vector.
 * @param maxWeights most weights in a trial; longer vectors come alone.
 * @param withSubnormals whether weights may be subnormal.
 */
export const planTrials = (
  seed: number,
  randomTrials: number,
  maxLength: number,
  maxWeights: number,
  withSubnormals: boolean,
): readonly TrialSpec[] => {
  const kinds = usableKinds(withSubnormals)
  const random = makeRandom(seed, 'conformance plan')
  const first = random.nextInt(kinds.length)
  const boundaries = boundaryLengths(maxLength).map((length, k) => ({
    weights: kinds[(first + k) % kinds.length],
    length,
    count: fitCount(length, counts[random.nextInt(counts.length)], maxWeights),
    seed: random.nextUint32(),
  }))
  const noVectors = {
    weights: kinds[first],
    length: Math.min(3, maxLength),
    count: 0,
    seed: random.nextUint32(),
  }
  const anySpec = fc.record({
    weights: fc.constantFrom(...kinds),
    length: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: Math.min(64, maxLength) }) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: Math.min(1024, maxLength) }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: maxLength }) },
    ),
    count: fc.constantFrom(...counts),
    seed: fc.integer({ min: 0 }),
  })
  const randoms = fc
    .sample(anySpec, { seed: random.nextUint32() | 0, numRuns: randomTrials })
    .map((spec) => ({ ...spec, count: fitCount(spec.length, spec.count, maxWeights) }))
  return [...boundaries, noVectors, ...randoms]
}

/** Trial descriptions that shrink: shorter, fewer, plainer. */
export const shrinkableSpec = (maxLength: number, withSubnormals: boolean): fc.Arbitrary<TrialSpec> =>
  fc.record({
    weights: fc.constantFrom(...usableKinds(withSubnormals)),
    length: fc.integer({ min: 0, max: maxLength }),
    count: fc.integer({ min: 0, max: 64 }),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
