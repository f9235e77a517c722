import { describe, expect, test } from 'vitest'
import { useSoftwareVulkan } from '../../../test/devices/dawn.ts'
import { officialGolden } from '../../../test/devices/official-golden.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import * as checks from './checks.ts'
import { sizesUnderSmallLimits, smallLimits } from './small-limits.ts'

useSoftwareVulkan()
const started = await checks.start()
if (started.reason !== undefined) reportMissing('dawn', started.reason)

describe.skipIf(started.description === undefined)(`Dawn in Node on ${started.description}`, () => {
  test("every law holds, and the authors' 26 results come out bit for bit", async () => {
    const { report, text, uncaught } = await checks.laws({
      golden: officialGolden(),
      trials: 10,
      maxWeights: 512,
    })
    expect(report.passed, text).toBe(true)
    expect(report.laws.find(({ name }) => name === 'golden cases')?.cases).toBe(26)
    expect(report.leftOut).toEqual([])
    expect(uncaught).toEqual([])
  })

  test('ten thousand random vectors come out as from core', async () => {
    expect(await checks.randomVectors(10_000)).toEqual({ vectors: 10_000, wrong: [], uncaught: [] })
  })

  test('tiles, merges, groups of vectors and folded dispatches equal core', async () => {
    expect(await checks.underLimits(smallLimits, sizesUnderSmallLimits)).toEqual({ wrong: [], uncaught: [] })
  })

  test('a hundred synchronizations leave no buffer behind, and closing leaves none at all', async () => {
    const { before, after, closed, uncaught } = await checks.leaks()
    expect(after).toEqual(before)
    expect(closed).toEqual({ buffers: 0, bytes: 0 })
    expect(uncaught).toEqual([])
  })

  test('NaN is found by place and ranks last', async () => {
    // Column 0 is [1, NaN, -1]: ranks [1, 2, 0]. Column 1 is [2, 5, 8]. Column 2 is [3, NaN, NaN]: the first NaN goes first.
    expect(await checks.diverged()).toEqual({
      found: { _tag: 'Diverged', variable: '', vector: 0, index: 1 },
      fine: true,
      ranks: [1, 0, 0, 2, 1, 1, 0, 2, 2],
    })
  })

  test('a lost device is told at once by every call, and to a download that waits', async () => {
    expect(await checks.lose()).toEqual({
      waiting: 'DeviceLost',
      later: 'DeviceLost',
      sync: 'DeviceLost',
      upload: 'DeviceLost',
    })
  })

  test('a refused command travels with its bank to the download, and harms nothing else', async () => {
    expect(await checks.refused()).toEqual({ tag: 'DeviceRejected', uncaught: [], stillWorks: true })
  })

  test('a software adapter is refused where it was not allowed', async () => {
    const software = /swiftshader|llvmpipe/i.test(String(started.description))
    expect(await checks.startWithoutSoftware()).toEqual(
      software ? expect.stringMatching(/software/) : undefined,
    )
  })
})
