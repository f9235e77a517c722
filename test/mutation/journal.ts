/**
 * What mutation testing has found so far, a line of JSON each. A run that hangs or is stopped is gone on with from here.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** `tried` comes before a test runs with a mutant, so that what hangs is known. */
export type Entry =
  | { readonly kind: 'tried' | 'killed' | 'hung'; readonly mutant: string; readonly test: string }
  | { readonly kind: 'static'; readonly mutants: readonly string[] }
  | { readonly kind: 'done'; readonly test: string; readonly covered: readonly string[] }

/** Open a journal, with what is in it. */
export const openJournal = (path: string) => {
  const entries: readonly Entry[] = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : []
  return {
    entries,
    append: (entry: Entry): void => appendFileSync(path, `${JSON.stringify(entry)}\n`),
  }
}
