import type { Backend, WeightVectors } from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { officialGolden } from '../../../test/official-golden.ts'
import { checkBackend } from '../src/check-backend.ts'
import { renderReport } from '../src/render-report.ts'
import type { LawName, Report } from '../src/report.ts'
import { makeTrial } from '../src/trial.ts'
import type { WeightsKind } from '../src/weights.ts'
import {
  flushing,
  keepsCallersMemory,
  losesNegativeZero,
  misplacesNaN,
  offByOne,
  permutesNaN,
  refusesNaNByAnyError,
  refusesSizesByAnyError,
  takesOtherSizes,
  throwing,
  unstable,
  writesInput,
  zerosApart,
} from './broken-backends.ts'

const options = { randomTrials: 25, maxLength: 260, maxWeights: 1500, golden: officialGolden() }
const failuresOf = (report: Report) =>
  report.laws.flatMap(({ failure }) => (failure === undefined ? [] : [failure]))

/** Each fault, the law that names it, and the other laws that it breaks too. */
const faults: readonly (readonly [Backend<WeightVectors>, LawName, readonly LawName[]])[] = [
  [
    unstable,
    'equal values keep index order',
    ['rank equals the reference', 'sync equals the reference', 'golden cases'],
  ],
  [zerosApart, 'negative zero equals positive zero', ['rank equals the reference']],
  [offByOne, 'sync equals the reference', ['the result holds the values of theta_sorted']],
  [writesInput, 'inputs are never written', []],
  [keepsCallersMemory, 'inputs are never written', []],
  [permutesNaN, 'NaN is refused', []],
  [refusesNaNByAnyError, 'NaN is refused', []],
  [misplacesNaN, 'NaN is refused', []],
  [takesOtherSizes, 'sizes that differ are refused', []],
  [refusesSizesByAnyError, 'sizes that differ are refused', []],
  [losesNegativeZero, 'upload and download keep the bits', []],
  [flushing, 'upload and download keep the bits', ['rank equals the reference']],
  [throwing, 'permute equals the reference', ['golden cases']],
]

describe.each(faults)('a backend with a fault is found out by name: $name', (backend, law, others) => {
  test(`it breaks "${law}"`, async () => {
    const report = await checkBackend(backend, options)
    expect(report.passed).toBe(false)
    const broken = failuresOf(report).map((failure) => failure.law)
    expect(broken).toContain(law)
    for (const other of others) expect(broken).toContain(other)
    expect(renderReport(report)).toContain(`Backend ${backend.name} does NOT equal the reference`)
  })
})

describe('a counterexample', () => {
  const find = async (backend: Backend<WeightVectors>, law: LawName) => {
    const report = await checkBackend(backend, options)
    const failure = failuresOf(report).find((each) => each.law === law)
    if (failure === undefined) throw new Error(`${law} was not broken`)
    return failure
  }

  test('is as small as the fault allows', async () => {
    // Two equal weights are the least that instability needs; 2^2 + 1 is the shortest length that offByOne gets wrong.
    expect(await find(unstable, 'equal values keep index order')).toMatchObject({ length: 3, count: 1 })
    expect(await find(offByOne, 'sync equals the reference')).toMatchObject({ length: 5, count: 1 })
    expect(await find(permutesNaN, 'NaN is refused')).toMatchObject({ length: 1, count: 1 })
  })

  test('says law, size, seed, place and bits in words', async () => {
    const failure = await find(zerosApart, 'negative zero equals positive zero')
    // Ranks of zeros: the first weight has rank 0, bits 00000000; taken apart, -0 comes before it.
    expect(failure).toMatchObject({ vector: 0, index: 0, expected: '0x00000000 (0)', got: '0x3f800000 (1)' })
    expect(failure.description).toBe(
      `negative zero equals positive zero: with weights "${failure.weights}" of size [2, 1] (seed ${failure.seed}) ` +
        'at weight 0 of vector 0: expected 0x00000000 (0), got 0x3f800000 (1).',
    )
  })

  test('can be made again from what it says', async () => {
    const { weights, length, count, seed, vector, index, got } = await find(
      offByOne,
      'sync equals the reference',
    )
    const { sorted, w } = makeTrial({ weights: weights as WeightsKind, length, count, seed })
    const value = offByOne.sync(sorted, w).values[index * count + vector]
    expect(got).toContain(`(${value})`)
  })

  test('quotes an error that the backend threw', async () => {
    expect((await find(throwing, 'permute equals the reference')).description).toContain(
      'got the error "device lost"',
    )
  })
})

describe('a device that flushes subnormals', () => {
  test('passes when it says so, and the report says what was left out', async () => {
    const [first] = options.golden
    const golden = [{ ...first, thetaT: { ...first.thetaT, values: Float32Array.of(2 ** -140) } }, first]
    const report = await checkBackend({ ...flushing, keepsSubnormals: false }, { ...options, golden })
    expect(failuresOf(report)).toEqual([])
    expect(report.passed).toBe(true)
    expect(report.leftOut).toEqual([
      'Weights below 2^-126 in magnitude: the device flushes them to zero.',
      '1 of 2 golden cases, which hold such weights.',
    ])
  })
})
