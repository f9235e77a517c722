/**
 * Real data for tests, where a developer has it: a folder `shared` beside the checkout, or the one that LAPERM_SHARED names.
 *
 * It is missing on most machines. Then the tests that want it are skipped, out loud; where LAPERM_REQUIRE contains `shared` they fail.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const findShared = (): string | undefined => {
  const named = process.env['LAPERM_SHARED']
  if (named !== undefined) return named
  for (let folder = fileURLToPath(new URL('.', import.meta.url)); ; folder = dirname(folder)) {
    const shared = join(folder, 'shared')
    if (existsSync(join(shared, 'data'))) return shared
    if (dirname(folder) === folder) return undefined
  }
}

/** The shared folder with this file in it, or `undefined` after saying that it is missing. */
export const findSharedFile = (path: string): string | undefined => {
  const shared = findShared()
  const full = shared === undefined ? undefined : join(shared, path)
  if (full !== undefined && existsSync(full)) return full
  if ((process.env['LAPERM_REQUIRE'] ?? '').split(/[\s,]+/).includes('shared'))
    throw new Error(`LAPERM_REQUIRE wants shared/${path}, but it is not there`)
  console.warn(`MISSING: shared/${path}; the tests that read it are skipped`)
  return undefined
}
