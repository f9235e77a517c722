/**
 * What "ascending, stable, -0 equals +0" means, said without the reference: the expected ranks are known by construction.
 */
import type { WeightVectors } from '@laperm/core'
import { withBanks } from '../banks.ts'
import { compareBits, type Law } from '../law.ts'

const fill = (size: WeightVectors, value: (i: number, j: number) => number): WeightVectors => ({
  values: Float32Array.from({ length: size.values.length }, (_, p) =>
    value(Math.floor(p / size.count), p % size.count),
  ),
  length: size.length,
  count: size.count,
})

export const tiesKeepIndexOrder: Law = {
  name: 'equal values keep index order',
  check: (backend, { w: size }) =>
    withBanks(backend, async ({ upload, download, rank }) => {
      // Two values in alternation, the larger one first (in every other vector the smaller one): all weights of the smaller value come
      // before those of the larger, each group by index.
      const larger = (i: number, j: number): boolean => (i + j) % 2 === 0
      const smallerInAll = (j: number): number =>
        j % 2 === 0 ? Math.floor(size.length / 2) : Math.ceil(size.length / 2)
      const w = fill(size, (i, j) => (larger(i, j) ? 0.25 : -0.5))
      const expected = fill(size, (i, j) => Math.floor(i / 2) + (larger(i, j) ? smallerInAll(j) : 0))
      return compareBits(await download(rank(upload(w))), expected)
    }),
}

export const zerosAreEqual: Law = {
  name: 'negative zero equals positive zero',
  check: (backend, { w: size }) =>
    withBanks(backend, async ({ upload, download, rank, sort }) => {
      // All weights are zeros, so index order is the ranking; sorting writes +0 only.
      const w = fill(size, (i, j) => ((i * 7 + j) % 3 === 0 ? 0 : -0))
      const bank = upload(w)
      const ranked = compareBits(
        await download(rank(bank)),
        fill(size, (i) => i),
      )
      return ranked === 'holds'
        ? compareBits(
            await download(sort(bank)),
            fill(size, () => 0),
          )
        : ranked
    }),
}
