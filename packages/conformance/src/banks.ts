/**
 * Use a backend's banks and give all of them back, whatever happens.
 */
import type { Backend, WeightVectors } from '@laperm/core'

/** A backend's operations, with every bank that they make remembered. */
export interface BankUse<Bank> {
  /** Uploads a copy: a backend that writes what it was handed spoils no other law. */
  readonly upload: (w: WeightVectors) => Bank
  readonly uploadItself: (w: WeightVectors) => Bank
  readonly download: (bank: Bank) => Promise<WeightVectors>
  readonly sort: (w: Bank) => Bank
  readonly rank: (w: Bank) => Bank
  readonly permute: (sorted: Bank, ranks: Bank) => Bank
  readonly sync: (sorted: Bank, w: Bank) => Bank
}

/** Run something that makes banks; dispose all of them afterwards. */
export const withBanks = async <Bank, A>(
  backend: Backend<Bank>,
  body: (use: BankUse<Bank>) => Promise<A>,
): Promise<A> => {
  const made = new Set<Bank>()
  const keep = (bank: Bank): Bank => {
    made.add(bank)
    return bank
  }
  try {
    return await body({
      upload: ({ values, length, count }) => keep(backend.upload({ values: values.slice(), length, count })),
      uploadItself: (w) => keep(backend.upload(w)),
      download: backend.download,
      sort: (w) => keep(backend.sort(w)),
      rank: (w) => keep(backend.rank(w)),
      permute: (sorted, ranks) => keep(backend.permute(sorted, ranks)),
      sync: (sorted, w) => keep(backend.sync(sorted, w)),
    })
  } finally {
    for (const bank of made) backend.dispose(bank)
  }
}
