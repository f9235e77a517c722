/**
 * What a backend refuses, and with which error. An operation refuses by throwing or, where it cannot know without waiting for its device, by a rejected
 * download of its result. Any other error than the one that the law names breaks the law.
 */
import { DivergedError, makeRandom, type WeightVectors } from '@laperm/core'
import { withBanks } from '../banks.ts'
import type { Law } from '../law.ts'

/** How a result was refused, in words: `a result` where it was not. */
const outcomeOf = async (
  result: () => Promise<WeightVectors>,
  describe: (error: unknown) => string,
): Promise<string> => {
  try {
    await result()
    return 'a result'
  } catch (error) {
    return describe(error)
  }
}

const describeError = (error: unknown): string =>
  error instanceof DivergedError
    ? `a DivergedError at weight ${error.diverged.index} of vector ${error.diverged.vector}`
    : error instanceof Error
      ? `${error.name} "${error.message}"`
      : String(error)

/** Sorting, ranking and synchronizing by weights of which one is NaN. */
export const refusesNaN: Law = {
  name: 'NaN is refused',
  check: (backend, { sorted, w, seed }) => {
    if (w.values.length === 0) return Promise.resolve('does not apply')
    const p = makeRandom(seed, 'conformance NaN').nextInt(w.values.length)
    const values = w.values.slice()
    values[p] = Number.NaN
    const [vector, index] = [p % w.count, Math.floor(p / w.count)]
    const expected = describeError(new DivergedError(vector, index))
    return withBanks(backend, async ({ upload, download, sort, rank, sync }) => {
      const bank = upload({ values, length: w.length, count: w.count })
      const sortedBank = upload(sorted)
      const operations = {
        sort: () => download(sort(bank)),
        rank: () => download(rank(bank)),
        sync: () => download(sync(sortedBank, bank)),
      }
      for (const [name, run] of Object.entries(operations)) {
        const got = await outcomeOf(async () => run(), describeError)
        if (got !== expected) return { vector, index, expected: `${expected} from ${name}`, got }
      }
      return 'holds'
    })
  },
}

const zeros = (length: number, count: number): WeightVectors => ({
  values: new Float32Array(length * count),
  length,
  count,
})

/** Most weights of a trial in which sizes are tried: whether they are checked does not depend on them. */
const MAX_WEIGHTS = 512

/** Synchronizing and permuting theta_sorted by weights or ranks of another size. */
export const refusesOtherSizes: Law = {
  name: 'sizes that differ are refused',
  check: (backend, { sorted, w }) => {
    if (w.values.length === 0 || w.values.length > MAX_WEIGHTS) return Promise.resolve('does not apply')
    return withBanks(backend, async ({ upload, download, rank, permute, sync }) => {
      const sortedBank = upload(sorted)
      const others = {
        'one weight more in each vector': zeros(w.length + 1, w.count),
        'one vector more': zeros(w.length, w.count + 1),
      }
      for (const [difference, other] of Object.entries(others)) {
        const bank = upload(other)
        const operations = {
          sync: () => download(sync(sortedBank, bank)),
          permute: () => download(permute(sortedBank, rank(bank))),
        }
        for (const [operation, run] of Object.entries(operations)) {
          const got = await outcomeOf(
            async () => run(),
            (error) => (error instanceof RangeError ? 'a RangeError' : describeError(error)),
          )
          if (got !== 'a RangeError')
            return {
              vector: -1,
              index: -1,
              expected: `a RangeError from ${operation} with ${difference} than theta_sorted has`,
              got,
            }
        }
      }
      return 'holds'
    })
  },
}
