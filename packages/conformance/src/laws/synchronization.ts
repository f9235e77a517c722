/**
 * What synchronizing must do whatever the weights are: the laws that make LaPerm train by permuting only.
 */
import { makeRandom, type WeightVectors } from '@laperm/core'
import { withBanks } from '../banks.ts'
import { compareBits, firstBreach, type Law } from '../law.ts'

const withValues = (w: WeightVectors, values: Float32Array): WeightVectors => ({
  values,
  length: w.length,
  count: w.count,
})

export const holdsSortedValues: Law = {
  name: 'the result holds the values of theta_sorted',
  check: (backend, { sorted, w }) =>
    withBanks(backend, async ({ upload, download, sync }) => {
      const result = await download(sync(upload(sorted), upload(w)))
      // Sorted here by bits, with nothing of the reference or the backend in between. theta_sorted's zeros are all +0.
      const sortedByBits = (m: WeightVectors): WeightVectors => {
        const values = new Float32Array(m.values.length)
        const column = new Float32Array(m.length)
        for (let j = 0; j < m.count; j++) {
          for (let i = 0; i < m.length; i++) column[i] = m.values[i * m.count + j]
          column.sort()
          for (let i = 0; i < m.length; i++) values[i * m.count + j] = column[i]
        }
        return withValues(m, values)
      }
      return compareBits(sortedByBits(result), sorted)
    }),
}

export const keepsRanking: Law = {
  name: 'the ranking of the result is the ranking of w',
  check: (backend, { w, expected }) =>
    withBanks(backend, async ({ upload, download, rank, sync }) => {
      // Where theta_0 has no ties. 0, 1, 2, ... has none.
      const distinct = withValues(
        w,
        w.values.map((_, p) => Math.floor(p / w.count)),
      )
      return compareBits(await download(rank(sync(upload(distinct), upload(w)))), expected.rank())
    }),
}

export const isIdempotent: Law = {
  name: 'synchronizing twice is synchronizing once',
  check: (backend, { sorted, w }) =>
    withBanks(backend, async ({ upload, download, sync }) => {
      const bank = upload(sorted)
      const once = sync(bank, upload(w))
      return compareBits(await download(sync(bank, once)), await download(once))
    }),
}

export const keepsInitialWeights: Law = {
  name: 'a permutation of theta_0 stays as it is',
  check: (backend, { theta0 }) =>
    withBanks(backend, async ({ upload, download, sort, sync }) => {
      // Up to the sign of zeros, which theta_sorted does not keep.
      const expected = withValues(
        theta0,
        theta0.values.map((value) => value + 0),
      )
      const bank = upload(theta0)
      return compareBits(await download(sync(sort(bank), bank)), expected)
    }),
}

export const commutesWithPermutingVectors: Law = {
  name: 'permuting the vectors commutes with synchronizing',
  check: (backend, { sorted, w, seed }) => {
    if (w.count < 2) return Promise.resolve('does not apply')
    const shift = 1 + makeRandom(seed, 'conformance rotate').nextInt(w.count - 1)
    const rotate = (m: WeightVectors): WeightVectors =>
      withValues(
        m,
        m.values.map((_, p) => m.values[p - (p % m.count) + ((p + shift) % m.count)]),
      )
    return withBanks(backend, async ({ upload, download, sync }) =>
      compareBits(
        await download(sync(upload(rotate(sorted)), upload(rotate(w)))),
        rotate(await download(sync(upload(sorted), upload(w)))),
      ),
    )
  },
}

const SMALLEST_NORMAL = 2 ** -126
const isExact = (value: number, scaled: number): boolean =>
  value === 0 || !Number.isFinite(value) || (Number.isFinite(scaled) && Math.abs(scaled) >= SMALLEST_NORMAL)

export const ignoresPowersOfTwo: Law = {
  name: 'multiplying w by a power of two changes nothing',
  check: (backend, { sorted, w, seed }) => {
    const exponent = makeRandom(seed, 'conformance scale').nextInt(61) - 30
    const scaled = w.values.map((value) => value * 2 ** exponent)
    // Exact unless a weight overflows or becomes subnormal.
    if (exponent === 0 || !scaled.every((value, p) => isExact(w.values[p], value)))
      return Promise.resolve('does not apply')
    return withBanks(backend, async ({ upload, download, sync }) => {
      const bank = upload(sorted)
      return compareBits(
        await download(sync(bank, upload(withValues(w, scaled)))),
        await download(sync(bank, upload(w))),
      )
    })
  },
}

export const neverWritesInputs: Law = {
  name: 'inputs are never written',
  check: (backend, { sorted, w }) =>
    withBanks(backend, async ({ uploadItself, download, sort, rank, permute, sync }) => {
      // What is handed to `upload` is the backend's to read, not to keep or change.
      const handedSorted = withValues(sorted, sorted.values.slice())
      const handedW = withValues(w, w.values.slice())
      const sortedBank = uploadItself(handedSorted)
      const wBank = uploadItself(handedW)
      const ranks = rank(wBank)
      const ranksBefore = await download(ranks)
      const results = [sort(wBank), sync(sortedBank, wBank), permute(sortedBank, ranks)]
      for (const result of results) await download(result)
      return firstBreach(
        compareBits(await download(wBank), w),
        compareBits(await download(sortedBank), sorted),
        compareBits(await download(ranks), ranksBefore),
        compareBits(handedW, w),
        compareBits(handedSorted, sorted),
      )
    }),
}
