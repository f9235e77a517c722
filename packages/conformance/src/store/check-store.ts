/** Prove a store: the laws one after the other, each on a store of its own, and a report as plain data. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { storeLaws } from './store-laws.ts'
import type { StoreSubject } from './store-subject.ts'

/** Name of a law. */
export type StoreLawName = keyof typeof storeLaws

/** Names of the laws, in the order in which they are reported. */
export const storeLawNames = Object.keys(storeLaws) as readonly StoreLawName[]

/** How one law fared; `failure` says what was wrong. */
export interface StoreLawReport {
  readonly name: StoreLawName
  readonly passed: boolean
  readonly failure?: string
}

/** The outcome of a run, as plain data. */
export interface StoreReport {
  readonly store: string
  readonly passed: boolean
  readonly laws: readonly StoreLawReport[]
}

/**
 * Check a store by every law. Objects of up to 20 MB are written.
 *
 * @returns a report; never rejects for what the store does.
 * @example console.log(renderStoreReport(await checkStore({ name: 'directory', make, folder })))
 */
export const checkStore = async ({ name, make, folder }: StoreSubject): Promise<StoreReport> => {
  const laws: StoreLawReport[] = []
  for (const [index, law] of storeLawNames.entries()) {
    const shared = await make()
    try {
      const own = join(folder, `law-${index}`)
      await mkdir(own)
      await storeLaws[law]({ one: await shared.open(), other: await shared.open(), folder: own })
      laws.push({ name: law, passed: true })
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      laws.push({ name: law, passed: false, failure })
    } finally {
      await shared.remove()
    }
  }
  return { store: name, passed: laws.every(({ passed }) => passed), laws }
}

/** A report as lines of text: the verdict, and a line a law. */
export const renderStoreReport = ({ store, passed, laws }: StoreReport): string =>
  [
    `Store ${store} ${passed ? 'keeps' : 'does NOT keep'} the laws of stores.`,
    ...laws.map(({ name, failure }) =>
      failure === undefined ? `+ holds    ${name}` : `x FAILED   ${name}: ${failure}`,
    ),
  ].join('\n')
