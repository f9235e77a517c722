/**
 * The proof that a device's backend equals core, as plain data that a page can send back: the laws, the authors' cases, and ten thousand vectors.
 */

import {
  checkBackend,
  type LawName,
  makeTrial,
  parseGoldenCases,
  type Report,
  renderReport,
  weightsKinds,
} from '@laperm/conformance'
import type { Backend, WeightVectors } from '@laperm/core'
import { rankInto, sortInto, syncInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'

/** A report, and the same for people. */
export interface Proof {
  readonly report: Report
  readonly text: string
}

/** Laws that each look at every result of an operation: what shaders that another test has proven by all laws are checked by once more. */
export const resultLaws: readonly LawName[] = [
  'upload and download keep the bits',
  'sort equals the reference',
  'rank equals the reference',
  'permute equals the reference',
  'sync equals the reference',
  'inputs are never written',
  'NaN is refused',
  'golden cases',
]

/** How much of the laws to check. */
export interface LawsAsked {
  /** Parsed JSON of `official-sync.json`. */
  readonly golden: unknown
  /** Random trials after the boundary lengths. */
  readonly trials: number
  /** Most weights in a trial: software rendering takes microseconds a weight and law. */
  readonly maxWeights: number
  readonly laws: readonly LawName[]
}

/** Check laws, and the 26 results of the authors' own code. */
export const proveLaws = async <Bank>(
  backend: Backend<Bank>,
  { golden, trials, maxWeights, laws }: LawsAsked,
): Promise<Proof> => {
  const cases = parseGoldenCases(golden)
  if (E.isLeft(cases))
    throw new Error(`official-sync.json: ${cases.left.where} is not ${cases.left.expected}`)
  const report = await checkBackend(backend, {
    seed: 5,
    randomTrials: trials,
    maxWeights,
    laws,
    golden: cases.right,
    sliceMs: 500,
  })
  return { report, text: renderReport(report) }
}

const differs = (a: WeightVectors, values: Float32Array): boolean => {
  const [x, y] = [a.values, values].map((each) => new Uint32Array(each.buffer, each.byteOffset, each.length))
  return x.length !== y.length || x.some((bits, i) => bits !== y[i])
}

/** Lengths that take every number of merges, the paper's longest among them. */
const longLengths = [300, 576, 1152, 1600, 2047, 2048, 2049, 4608, 8191, 16384] as const
/** Weights of a batch of long vectors. */
const longBatch = 40_000

/**
 * Size of a batch: 110 short vectors, in every residue of blocks and padding; in one of ten of middle length; in one of ten a few long ones.
 */
const sizeOf = (batch: number): { readonly length: number; readonly count: number } => {
  const [turn, place] = [Math.floor(batch / 10), batch % 10]
  if (place === 8) {
    const length = longLengths[turn % longLengths.length]
    return { length, count: Math.max(2, Math.floor(longBatch / length)) }
  }
  return { length: place === 9 ? 65 + ((batch * 37) % 224) : 1 + ((batch * 13) % 64), count: 110 }
}

/** What became of many random vectors. */
export interface ProvenVectors {
  /** How many were checked. */
  readonly vectors: number
  /** Weights of the longest of them. */
  readonly longest: number
  /** What differs from core, in words. */
  readonly wrong: readonly string[]
}

/**
 * Sort, rank and synchronize many random vectors of every kind of weights, in batches, and compare with core.
 *
 * @param vectors how many at least.
 */
export const proveRandomVectors = async <Bank>(
  backend: Backend<Bank>,
  vectors: number,
): Promise<ProvenVectors> => {
  const kinds = weightsKinds.filter((kind) => backend.keepsSubnormals || kind !== 'subnormal')
  const wrong: string[] = []
  let checked = 0
  let longest = 0
  for (let batch = 0; checked < vectors || batch < 10 * longLengths.length; batch++) {
    const { length, count } = sizeOf(batch)
    const { sorted, w, weights } = makeTrial({
      weights: kinds[batch % kinds.length],
      length,
      count,
      seed: 20200302 + batch,
    })
    const [sort, sync] = [new Float32Array(length * count), new Float32Array(length * count)]
    const ranks = new Uint32Array(length * count)
    sortInto(w, sort)
    rankInto(w, ranks)
    syncInto(sorted, w, sync)
    const banks = [backend.upload(w), backend.upload(sorted)]
    banks.push(backend.sort(banks[0]), backend.rank(banks[0]), backend.sync(banks[1], banks[0]))
    const expected = { sort, rank: Float32Array.from(ranks), sync }
    for (const [k, [operation, values]] of Object.entries(expected).entries())
      if (differs(await backend.download(banks[2 + k]), values))
        wrong.push(`${operation} of ${count} vectors of ${length} weights (${weights})`)
    for (const bank of banks) backend.dispose(bank)
    checked += count
    longest = Math.max(longest, length)
  }
  return { vectors: checked, longest, wrong }
}
