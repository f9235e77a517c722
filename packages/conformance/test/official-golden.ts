/**
 * The authors' 26 cases, as core's tests keep them.
 */
import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { type GoldenCase, parseGoldenCases } from '../src/golden-case.ts'

export const officialGolden = (): readonly GoldenCase[] => {
  const url = new URL('../../core/test/fixtures/official-sync.json', import.meta.url)
  const parsed = parseGoldenCases(JSON.parse(readFileSync(url, 'utf8')))
  if (E.isLeft(parsed)) throw new Error(`${parsed.left.where}: expected ${parsed.left.expected}`)
  return parsed.right
}
