/**
 * The reference as a backend: a bank is plain weight vectors, and every other backend must equal this one bit for bit.
 */
import type { Backend } from '../backend.ts'
import type { Ranking, WeightVectors } from '../weight-vectors.ts'
import { permuteInto } from './permute.ts'
import { rankInto } from './rank.ts'
import { sortInto } from './sort.ts'
import { syncInto } from './sync.ts'

const withValues = (size: { readonly length: number; readonly count: number }, values: Float32Array) => ({
  values,
  length: size.length,
  count: size.count,
})

/** Ranks travel in banks as float32, exact because a vector holds fewer than 2^24 weights. */
const rankingOfBank = ({ values, length, count }: WeightVectors): Ranking => {
  const ranks = Uint32Array.from(values)
  for (let p = 0; p < ranks.length; p++) {
    if (ranks[p] !== values[p])
      throw new RangeError(
        `ranks: expected integers from 0 to ${length - 1}, got ${values[p]} for weight ${Math.floor(p / count)} of vector ${p % count}`,
      )
  }
  return { ranks, length, count }
}

/**
 * Sort, rank, permute and synchronize with the plain TypeScript reference.
 *
 * @throws RangeError for sizes that do not fit, DivergedError for NaN, from each operation.
 */
export const coreBackend: Backend<WeightVectors> = {
  name: 'core',
  device: 'JavaScript, the reference',
  refusesNaN: true,
  keepsSubnormals: true,
  upload: (w) => withValues(w, w.values.slice()),
  download: async (bank) => withValues(bank, bank.values.slice()),
  sort: (w) => {
    const values = new Float32Array(w.values.length)
    sortInto(w, values)
    return withValues(w, values)
  },
  rank: (w) => {
    const ranks = new Uint32Array(w.values.length)
    rankInto(w, ranks)
    return withValues(w, Float32Array.from(ranks))
  },
  permute: (sorted, ranks) => {
    const values = new Float32Array(sorted.values.length)
    permuteInto(sorted, rankingOfBank(ranks), values)
    return withValues(sorted, values)
  },
  sync: (sorted, w) => {
    const values = new Float32Array(w.values.length)
    syncInto(sorted, w, values)
    return withValues(w, values)
  },
  dispose: () => {},
  close: () => {},
}
