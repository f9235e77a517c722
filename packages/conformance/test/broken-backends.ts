/**
 * Backends with one fault each, built on core: what a conformance run must find.
 */
import { type Backend, coreBackend, DivergedError, type WeightVectors } from '@laperm/core'

type CoreBackend = Backend<WeightVectors>

const withValues = (w: WeightVectors, values: Float32Array): WeightVectors => ({
  values,
  length: w.length,
  count: w.count,
})

/** A backend whose order is that of a comparison of (value, index). Correct for `compare` as the definition has it. */
const byComparison = (
  name: string,
  compare: (a: number, b: number, i: number, k: number) => number,
): CoreBackend => {
  const order = (w: WeightVectors, j: number): number[] =>
    Array.from({ length: w.length }, (_, i) => i).sort((i, k) =>
      compare(w.values[i * w.count + j], w.values[k * w.count + j], i, k),
    )
  const rank = (w: WeightVectors): WeightVectors => {
    coreBackend.rank(w) // refuses NaN
    const ranks = new Float32Array(w.values.length)
    for (let j = 0; j < w.count; j++) {
      order(w, j).forEach((i, r) => {
        ranks[i * w.count + j] = r
      })
    }
    return withValues(w, ranks)
  }
  return { ...coreBackend, name, rank, sync: (sorted, w) => coreBackend.permute(sorted, rank(w)) }
}

const byValue = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

/** No fault: the definition itself. */
export const honest = byComparison('honest', byValue)

export const unstable = byComparison('unstable', (a, b, i, k) => byValue(a, b) || k - i)

const isNegativeZero = (v: number): boolean => Object.is(v, -0)
export const zerosApart = byComparison(
  'zeros apart',
  (a, b) => byValue(a, b) || Number(isNegativeZero(b)) - Number(isNegativeZero(a)),
)

/** Leaves out the last weight of vectors that are longer than a power of two by one. */
export const offByOne: CoreBackend = {
  ...coreBackend,
  name: 'off by one',
  sync: (sorted, w) => {
    const right = coreBackend.sync(sorted, w)
    if (w.length < 5 || !Number.isInteger(Math.log2(w.length - 1))) return right
    const values = right.values.slice()
    values.copyWithin((w.length - 1) * w.count, (w.length - 2) * w.count, (w.length - 1) * w.count)
    return withValues(w, values)
  },
}

export const writesInput: CoreBackend = {
  ...coreBackend,
  name: 'writes input',
  sync: (sorted, w) => {
    const right = coreBackend.sync(sorted, w)
    w.values.set(right.values)
    return right
  },
}

export const keepsCallersMemory: CoreBackend = {
  ...coreBackend,
  name: "keeps the caller's memory",
  upload: (w) => w,
  sort: (w) => {
    const right = coreBackend.sort(w)
    w.values.set(right.values)
    return right
  },
}

/** Takes NaN for the largest number and goes on. */
export const permutesNaN: CoreBackend = {
  ...coreBackend,
  name: 'permutes NaN',
  sort: (w) => coreBackend.sort(withoutNaN(w)),
  rank: (w) => coreBackend.rank(withoutNaN(w)),
  sync: (sorted, w) => coreBackend.sync(sorted, withoutNaN(w)),
}
const withoutNaN = (w: WeightVectors): WeightVectors =>
  withValues(
    w,
    w.values.map((v) => (Number.isNaN(v) ? Infinity : v)),
  )

/** The backend with whatever its operations throw exchanged for something else. */
const withErrors = (name: string, exchange: (error: unknown) => unknown): CoreBackend => {
  const exchanging =
    <A extends readonly unknown[]>(run: (...banks: A) => WeightVectors) =>
    (...banks: A): WeightVectors => {
      try {
        return run(...banks)
      } catch (error) {
        throw exchange(error)
      }
    }
  const { sort, rank, permute, sync } = coreBackend
  return {
    ...coreBackend,
    name,
    sort: exchanging(sort),
    rank: exchanging(rank),
    permute: exchanging(permute),
    sync: exchanging(sync),
  }
}

export const refusesNaNByAnyError = withErrors('refuses NaN by any error', (error) =>
  error instanceof DivergedError ? new TypeError('x is undefined') : error,
)

export const misplacesNaN = withErrors('misplaces NaN', (error) =>
  error instanceof DivergedError ? new DivergedError(error.diverged.index, error.diverged.vector + 1) : error,
)

export const refusesSizesByAnyError = withErrors('refuses sizes by any error', (error) =>
  error instanceof RangeError ? new Error('out of bounds') : error,
)

/** Synchronizes what fits and leaves zeros where it does not. */
export const takesOtherSizes: CoreBackend = {
  ...coreBackend,
  name: 'takes other sizes',
  sync: (sorted, w) =>
    sorted.length === w.length && sorted.count === w.count
      ? coreBackend.sync(sorted, w)
      : withValues(w, new Float32Array(w.values.length)),
}

/** A device that flushes subnormals when it compares and when it writes. */
export const flushing: CoreBackend = {
  ...coreBackend,
  name: 'flushing',
  upload: (w) =>
    withValues(
      w,
      w.values.map((v) => (Math.abs(v) < 2 ** -126 ? 0 * v : v)),
    ),
}

export const losesNegativeZero: CoreBackend = {
  ...coreBackend,
  name: 'loses -0',
  download: async (bank) =>
    withValues(
      bank,
      bank.values.map((v) => v + 0),
    ),
}

export const throwing: CoreBackend = {
  ...coreBackend,
  name: 'throwing',
  permute: () => {
    throw new Error('device lost')
  },
}

/** No fault, but it counts the banks that were not given back. */
export const counted = (): { readonly backend: CoreBackend; readonly open: () => number } => {
  const banks = new Set<WeightVectors>()
  const keep = (bank: WeightVectors): WeightVectors => {
    banks.add(bank)
    return bank
  }
  return {
    open: () => banks.size,
    backend: {
      ...coreBackend,
      name: 'counted',
      upload: (w) => keep(coreBackend.upload(w)),
      sort: (w) => keep(coreBackend.sort(w)),
      rank: (w) => keep(coreBackend.rank(w)),
      permute: (sorted, ranks) => keep(coreBackend.permute(sorted, ranks)),
      sync: (sorted, w) => keep(coreBackend.sync(sorted, w)),
      dispose: (bank) => {
        if (!banks.delete(bank)) throw new Error('disposed twice')
      },
    },
  }
}
