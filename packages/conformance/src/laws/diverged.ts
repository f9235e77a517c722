/**
 * Nothing is ever permuted by NaN.
 */
import { makeRandom, type WeightVectors } from '@laperm/core'
import { withBanks } from '../banks.ts'
import type { Law } from '../law.ts'

/** Whether a promise of a result is rejected, or was never made. */
const isRefused = async (result: () => Promise<WeightVectors>): Promise<boolean> => {
  try {
    await result()
    return false
  } catch {
    return true
  }
}

/**
 * A backend refuses NaN by throwing from the operation or, where it cannot know without waiting for its device, by a rejected download of
 * the result.
 */
export const refusesNaN: Law = {
  name: 'NaN is refused',
  check: (backend, { sorted, w, seed }) => {
    if (w.values.length === 0) return Promise.resolve('does not apply')
    const p = makeRandom(seed, 'conformance NaN').nextInt(w.values.length)
    const values = w.values.slice()
    values[p] = Number.NaN
    const spoiled = { values, length: w.length, count: w.count }
    return withBanks(backend, async ({ upload, download, sort, rank, sync }) => {
      const bank = upload(spoiled)
      const sortedBank = upload(sorted)
      const operations = {
        sort: () => download(sort(bank)),
        rank: () => download(rank(bank)),
        sync: () => download(sync(sortedBank, bank)),
      }
      for (const [name, run] of Object.entries(operations)) {
        if (!(await isRefused(async () => run())))
          return {
            vector: p % w.count,
            index: Math.floor(p / w.count),
            expected: `${name} refuses the NaN at this weight`,
            got: 'a result',
          }
      }
      return 'holds'
    })
  },
}
