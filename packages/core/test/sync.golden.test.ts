import { describe, expect, test } from 'vitest'
import { rankInto } from '../src/rank.ts'
import { sortInto } from '../src/sort.ts'
import { syncInto } from '../src/sync.ts'
import { makeSyncScratch } from '../src/sync-scratch.ts'
import { bitsOf, firstDifference } from './comparator-sort.ts'
import { type OfficialCase, officialCases, officialCasesInFull } from './official-cases.ts'

const expectAuthorsResults = ({
  length,
  count,
  theta0,
  thetaT,
  sorted,
  ranks,
  synchronized,
}: OfficialCase) => {
  const scratch = makeSyncScratch(length)
  const outSorted = new Float32Array(theta0.length)
  sortInto({ values: theta0, length, count }, outSorted, scratch)
  expect(firstDifference(bitsOf(outSorted), bitsOf(sorted))).toBeNull()
  const outRanks = new Uint32Array(theta0.length)
  rankInto({ values: thetaT, length, count }, outRanks, scratch)
  expect(firstDifference(outRanks, ranks)).toBeNull()
  const out = new Float32Array(theta0.length)
  syncInto({ values: outSorted, length, count }, { values: thetaT, length, count }, out, scratch)
  expect(firstDifference(bitsOf(out), bitsOf(synchronized))).toBeNull()
}

test('the fixture holds the 26 cases that the authors code computed', () => {
  expect(officialCases()).toHaveLength(26)
})

describe("the authors' results, bit for bit, on each case's first neurons", () => {
  test.each(officialCases())('$name', expectAuthorsResults)
})

const inFull = officialCasesInFull()
describe.runIf(inFull.length > 0)("the authors' results, bit for bit, in full", () => {
  test.each(inFull)('$name', expectAuthorsResults)
})
