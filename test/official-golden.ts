/** The authors' 26 results as golden cases: as parsed JSON that can be sent into a page, and parsed. */
import { readFileSync } from 'node:fs'
import { type GoldenCase, parseGoldenCases } from '@laperm/conformance'
import { either as E } from 'fp-ts'

/** Parsed JSON. */
export const officialJson = (): unknown =>
  JSON.parse(readFileSync(new URL('./fixtures/official-sync.json', import.meta.url), 'utf8'))

/** The cases. */
export const officialGolden = (): readonly GoldenCase[] => {
  const parsed = parseGoldenCases(officialJson())
  if (E.isLeft(parsed)) throw new Error(`${parsed.left.where}: expected ${parsed.left.expected}`)
  return parsed.right
}
