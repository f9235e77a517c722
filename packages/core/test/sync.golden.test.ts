import { describe, expect, test } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { type OfficialCase, officialCases, officialCasesInFull } from '../../../test/official-cases.ts'
import { rankInto } from '../src/operations/rank.ts'
import { sortInto } from '../src/operations/sort.ts'
import { syncInto } from '../src/operations/sync.ts'

const expectAuthorsResults = ({
  length,
  count,
  theta0,
  thetaT,
  sorted,
  ranks,
  synchronized,
}: OfficialCase) => {
  const outSorted = new Float32Array(theta0.length)
  sortInto({ values: theta0, length, count }, outSorted)
  expect(firstDifference(bitsOf(outSorted), bitsOf(sorted))).toBeNull()
  const outRanks = new Uint32Array(theta0.length)
  rankInto({ values: thetaT, length, count }, outRanks)
  expect(firstDifference(outRanks, ranks)).toBeNull()
  const out = new Float32Array(theta0.length)
  syncInto({ values: outSorted, length, count }, { values: thetaT, length, count }, out)
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
