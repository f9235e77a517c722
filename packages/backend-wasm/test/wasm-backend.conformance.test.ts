import { checkBackend, renderReport } from '@laperm/conformance'
import { coreBackend } from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { fuzzRounds } from '../../../test/fuzz-rounds.ts'
import { officialCasesInFull } from '../../../test/official-cases.ts'
import { officialGolden } from '../../../test/official-golden.ts'
import { makeResidentBackend } from '../src/index.ts'
import { wasmBackendForTests } from './wasm-instance.ts'

const backend = await wasmBackendForTests()
/** One in `npm test`: `npm run fuzz` of this package draws millions of vectors. */
const seeds = fuzzRounds(1) > 1 ? [1, 2, 3] : [1]

test.each(seeds)('equals the reference under every law of conformance, seed %i', async (seed) => {
  const report = await checkBackend(backend, { seed, golden: officialGolden(), randomTrials: 150 })
  expect(renderReport(report)).toMatch(/^Backend wasm equals the reference/)
  expect(report.laws.filter(({ passed }) => !passed)).toEqual([])
})

describe('resident memory, which engine-onnx trains with', () => {
  test.each(seeds)('equals the reference under every law, seed %i', async (seed) => {
    const options = { seed, golden: officialGolden(), randomTrials: 150 }
    const report = await checkBackend(makeResidentBackend(backend), options)
    expect(renderReport(report)).toMatch(/^Backend wasm resident equals the reference/)
    expect(report.laws.filter(({ passed }) => !passed)).toEqual([])
  })

  test('is synchronized where it lies: the kernel holds no memory for copies', async () => {
    const fresh = await wasmBackendForTests()
    const before = fresh.wasmSync.memoryBytes()
    const [length, count] = [16384, 4]
    const w = {
      values: Float32Array.from({ length: length * count }, (_, i) => (i * 7919) % 65537),
      length,
      count,
    }
    const resident = makeResidentBackend(fresh)
    const sorted = coreBackend.sort(w)
    expect(await resident.download(resident.sync(sorted, w))).toEqual(coreBackend.sync(sorted, w))
    expect(fresh.wasmSync.memoryBytes()).toBe(before)
    // The same by copies needs 64 bytes a weight of the longest vector.
    fresh.sync(sorted, w)
    expect(fresh.wasmSync.memoryBytes()).toBeGreaterThan(before)
  })
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
