import { checkBackend, renderReport } from '@laperm/conformance'
import { describe, expect, test } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { officialGolden } from '../../conformance/test/official-golden.ts'
import { officialCasesInFull } from '../../core/test/official-cases.ts'
import { wasmBackendForTests } from './wasm-instance.ts'

const backend = await wasmBackendForTests()

test.each([1, 2, 3])('equals the reference under every law of conformance, seed %i', async (seed) => {
  const report = await checkBackend(backend, { seed, golden: officialGolden(), randomTrials: 150 })
  expect(renderReport(report)).toMatch(/^Backend wasm equals the reference/)
  expect(report.laws.filter(({ passed }) => !passed)).toEqual([])
})

const inFull = officialCasesInFull()
describe.runIf(inFull.length > 0)("the authors' results, bit for bit, in full", () => {
  test.each(inFull)('$name', ({ length, count, theta0, thetaT, sorted, ranks, synchronized }) => {
    const { wasmSync } = backend
    const out = new Float32Array(theta0.length)
    wasmSync.sortInto({ values: theta0, length, count }, out)
    expect(firstDifference(bitsOf(out), bitsOf(sorted))).toBeNull()
    const outRanks = new Uint32Array(theta0.length)
    wasmSync.rankInto({ values: thetaT, length, count }, outRanks)
    expect(firstDifference(outRanks, ranks)).toBeNull()
    wasmSync.syncInto({ values: sorted, length, count }, { values: thetaT, length, count }, out)
    expect(firstDifference(bitsOf(out), bitsOf(synchronized))).toBeNull()
  })
})
