/**
 * The backend gives core's bits: each of the four operations, and the way there and back.
 */
import type { WeightVectors } from '@laperm/core'
import { permuteInto, rankInto, sortInto, syncInto } from '@laperm/core/kernel'
import { withBanks } from '../banks.ts'
import { compareBits, type Law } from '../law.ts'

const sameSize = (w: WeightVectors, values: Float32Array): WeightVectors => ({
  values,
  length: w.length,
  count: w.count,
})

/** Core's ranking, as a bank holds it: float32 numbers. */
export const coreRanks = (w: WeightVectors): WeightVectors => {
  const ranks = new Uint32Array(w.values.length)
  rankInto(w, ranks)
  return sameSize(w, Float32Array.from(ranks))
}

/** Core's synchronization. */
export const coreSync = (sorted: WeightVectors, w: WeightVectors): WeightVectors => {
  const out = new Float32Array(w.values.length)
  syncInto(sorted, w, out)
  return sameSize(w, out)
}

export const keepsBits: Law = {
  name: 'upload and download keep the bits',
  check: (backend, { w }) =>
    withBanks(backend, async ({ upload, download }) => compareBits(await download(upload(w)), w)),
}

export const sortEqualsCore: Law = {
  name: 'sort equals core',
  check: (backend, { w }) =>
    withBanks(backend, async ({ upload, download, sort }) => {
      const expected = new Float32Array(w.values.length)
      sortInto(w, expected)
      return compareBits(await download(sort(upload(w))), sameSize(w, expected))
    }),
}

export const rankEqualsCore: Law = {
  name: 'rank equals core',
  check: (backend, { w }) =>
    withBanks(backend, async ({ upload, download, rank }) =>
      compareBits(await download(rank(upload(w))), coreRanks(w)),
    ),
}

export const permuteEqualsCore: Law = {
  name: 'permute equals core',
  check: (backend, { sorted, w }) =>
    withBanks(backend, async ({ upload, download, permute, rank }) => {
      const ranks = Uint32Array.from(coreRanks(w).values)
      const expected = new Float32Array(w.values.length)
      permuteInto(sorted, { ranks, length: w.length, count: w.count }, expected)
      // Ranks of the backend's own making: a bank of ranks is its business. Whether they are right is another law's.
      return compareBits(await download(permute(upload(sorted), rank(upload(w)))), sameSize(w, expected))
    }),
}

export const syncEqualsCore: Law = {
  name: 'sync equals core',
  check: (backend, { sorted, w }) =>
    withBanks(backend, async ({ upload, download, sync }) =>
      compareBits(await download(sync(upload(sorted), upload(w))), coreSync(sorted, w)),
    ),
}
