/** What is synchronized in the benchmark: lengths of the paper's networks, and the distributions that a sort may fear. */
import { makeRandom } from '@laperm/core'
import { sortInto } from '@laperm/core/kernel'

/**
 * How the weights of a case are distributed; `wide` (magnitudes from 2^-90 to 2^90), `outlier` (one weight of 1e20) and `heap` (every other weight
 * within 2^-20 of 0, so that neighbours do not give it away) are the worst that we know.
 */
export type Distribution = (typeof distributions)[number]

/** Every distribution by name. */
export const distributions = [
  'uniform',
  'normal',
  'sparse',
  'drifted',
  'shared',
  'ascending',
  'descending',
  'wide',
  'outlier',
  'heap',
] as const

/** Read a comma-separated list of distributions. @throws RangeError naming the first that is none. */
export const parseDistributions = (list: string): readonly Distribution[] =>
  list.split(',').map((name) => {
    const known = distributions.find((distribution) => distribution === name)
    if (known === undefined) throw new RangeError(`weights: '${name}' is none of ${distributions.join(', ')}`)
    return known
  })

/** theta_sorted and theta_t as `[length, count]` matrices. */
export interface SyncCase {
  readonly length: number
  readonly count: number
  readonly distribution: Distribution
  /** theta_0, whose columns are not sorted. */
  readonly initial: Float32Array
  /** theta_0 with every column ascending. */
  readonly sorted: Float32Array
  /** theta_t: what ranks. */
  readonly w: Float32Array
}

/** Every length of a weight vector that occurs in the paper's networks, and 1. */
export const paperLengths = [
  1, 9, 25, 27, 144, 288, 576, 800, 1024, 1152, 1600, 2304, 4608, 8192, 16384,
] as const

/** Mean displacement of a k=20 synchronization as a fraction of the vector's length, measured on Conv7. */
const driftFraction = 0.02

/**
 * Draw one case. `drifted` is theta_0 moved by uniform noise, so that ranks move by about 2% of the length, as after k=20 steps.
 *
 * @param seed another one draws other weights.
 */
export const drawCase = (length: number, count: number, distribution: Distribution, seed = 1): SyncCase => {
  const random = makeRandom(seed, 'benchmark-sync', length, count)
  const size = length * count
  const initial = new Float32Array(size)
  const w = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const row = Math.floor(i / count)
    switch (distribution) {
      case 'uniform':
      case 'drifted':
        initial[i] = 2 * random.nextUniform() - 1
        break
      case 'normal':
        initial[i] = random.nextNormal()
        break
      case 'sparse':
        initial[i] = random.nextUniform() < 0.7 ? 0 : 2 * random.nextUniform() - 1
        break
      case 'shared':
        initial[i] = random.nextUniform() < 0.9 ? 0 : 0.03
        break
      case 'ascending':
        initial[i] = row
        break
      case 'descending':
        initial[i] = length - row
        break
      case 'wide':
        initial[i] = (2 * random.nextUniform() - 1) * 2 ** (random.nextInt(181) - 90)
        break
      case 'outlier':
        initial[i] = row === length >> 1 ? 1e20 : 2 * random.nextUniform() - 1
        break
      case 'heap':
        initial[i] = row % 2 === 0 ? 2 * random.nextUniform() - 1 : 2 ** -20 * random.nextUniform()
        break
      default:
        distribution satisfies never
    }
    // Uniform on [-1, 1): density 1/2, so a shift of d passes d * length / 2 neighbours; |uniform(-a, a)| has mean a / 2.
    w[i] =
      distribution === 'drifted'
        ? initial[i] + (2 * random.nextUniform() - 1) * driftFraction * 4
        : initial[i]
  }
  const sorted = new Float32Array(size)
  sortInto({ values: initial, length, count }, sorted)
  return { length, count, distribution, initial, sorted, w }
}
