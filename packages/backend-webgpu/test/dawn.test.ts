import { lawNames } from '@laperm/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { useSoftwareVulkan } from '../../../test/devices/dawn.ts'
import { assertWantedDevice, isSoftware } from '../../../test/devices/hardware.ts'
import { resultLaws } from '../../../test/devices/prove.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import { officialJson } from '../../../test/official-golden.ts'
import { makeWebGpuBackend } from '../src/index.ts'
import * as checks from './checks.ts'
import * as faults from './faults.ts'
import { closeAllShared } from './open-backends.ts'
import { sizesOfTiles, sizesUnderSmallLimits, smallLimits } from './small-limits.ts'

const small = { limits: smallLimits, sizes: sizesUnderSmallLimits }

const expectAllEqual = ({ vectors, longest, ...rest }: Awaited<ReturnType<typeof checks.randomVectors>>) => {
  expect(rest).toEqual({ wrong: [], uncaught: [] })
  expect(vectors).toBeGreaterThanOrEqual(10_000)
  expect(longest).toBe(16384)
}

useSoftwareVulkan()
const started = await checks.start()
if (started.reason !== undefined) reportMissing('dawn', started.reason)
assertWantedDevice(started.device)
afterAll(closeAllShared)

const isOnCpu = isSoftware(String(started.device))
/** A software renderer takes every boundary length; random vectors of every length are other tests'. */
const amount = isOnCpu ? { trials: 0, maxWeights: 256 } : { trials: 10, maxWeights: 512 }

describe.skipIf(started.device === undefined)(`Dawn in Node on ${started.device}`, () => {
  test("every law holds, and the authors' 26 results come out bit for bit", async () => {
    const { report, text, uncaught } = await checks.laws({
      golden: officialJson(),
      ...amount,
      laws: lawNames,
    })
    expect(report.passed, text).toBe(true)
    expect(report.laws.find(({ name }) => name === 'golden cases')?.cases).toBe(26)
    expect(report.leftOut).toEqual([])
    expect(uncaught).toEqual([])
  })

  test('ten thousand random vectors of 1 to 16384 weights come out as from core', async () => {
    expectAllEqual(await checks.randomVectors({ vectors: 10_000, subgroups: false }))
  })

  test('tiles, merges, groups of vectors and folded dispatches equal core', async () => {
    expect(await checks.underLimits(small)).toEqual({ wrong: [], uncaught: [] })
  })

  test('synchronizing into a bank of the caller equals core, allocates nothing, and refuses its own inputs', async () => {
    const { wrong, refusals, uncaught } = await checks.syncsInto()
    expect({ wrong, uncaught }).toEqual({ wrong: [], uncaught: [] })
    expect(refusals).toEqual([
      expect.stringMatching(/^out: expected another bank than the inputs/),
      expect.stringMatching(/^out: expected another bank than the inputs/),
      'syncInto: expected banks of one size, got [4, 1] and [3, 1]',
      'syncInto: expected banks of one size, got [4, 1] and [3, 1]',
    ])
  })

  test('NaN is found by place and ranks last', async () => {
    // Column 0 is [1, NaN, -1]: ranks [1, 2, 0]. Column 1 is [2, 5, 8]. Column 2 is [3, NaN, NaN]: the first NaN goes first.
    expect(await checks.diverged()).toEqual({
      found: { _tag: 'Diverged', variable: '', vector: 0, index: 1 },
      fine: true,
      ranks: [1, 0, 0, 2, 1, 1, 0, 2, 2],
    })
  })

  test('a hundred synchronizations leave no buffer behind, and closing leaves none at all', async () => {
    const { before, after, closed, uncaught } = await checks.leaks({ subgroups: false })
    expect(after).toEqual(before)
    expect(closed).toEqual({ buffers: 0, bytes: 0 })
    expect(uncaught).toEqual([])
  })

  test('a lost device is told at once by every call, and to a download that waits', async () => {
    expect(await faults.lose()).toEqual({
      waiting: 'DeviceLost',
      later: 'DeviceLost',
      sync: 'DeviceLost',
      upload: 'DeviceLost',
    })
  })

  test('a device that is lost before anybody is told hangs nothing, and leaves nothing behind', async () => {
    expect(await faults.loseUntold()).toEqual({
      tags: ['DeviceLost', 'DeviceLost', 'DeviceLost', 'DeviceLost'],
      left: 0,
    })
    expect(['no error', 'DeviceLost']).toContain(await faults.loseBeforeHealth())
  })

  test('permuting and the search for NaN are folded into two dimensions', async () => {
    const outcome = await checks.elementwiseUnderLimits(smallLimits)
    expect(outcome).toEqual({ permutes: true, place: 1990, uncaught: [] })
  })

  test('a refused command travels with its bank to the download, and harms nothing else', async () => {
    expect(await faults.refused()).toEqual({ tag: 'DeviceRejected', uncaught: [], stillWorks: true })
  })

  // SwiftShader allows buffers of 1 GiB and allocates none; a GPU with that much memory gives it.
  test('memory that the device does not have is told so, and harms nothing else', async () => {
    const { tag, ...rest } = await faults.outOfMemory()
    expect(rest).toEqual({ stillWorks: true, uncaught: [] })
    if (isOnCpu) expect(tag).toBe('DeviceOutOfMemory')
  })

  test('merges that the device has no memory for say so, and later ones go on', async () => {
    const { tag, ...rest } = await faults.outOfScratch()
    expect(rest).toEqual({ stillMerges: true, left: 0, uncaught: [] })
    if (isOnCpu) expect(tag).toBe('DeviceOutOfMemory')
  })

  test('scratch that could not grow is not taken for alive', async () => {
    expect(await faults.refusedScratch()).toEqual({
      said: ['sorted', 'no buffer for the test', 'sorted', 'sorted'],
      uncaught: [],
    })
  })

  test('what no buffer can hold is refused by the name of the limit', async () => {
    expect(await faults.tooLarge()).toEqual({
      fault: expect.objectContaining({
        _tag: 'DeviceLimitExceeded',
        limit: expect.stringMatching(/^max(StorageBufferBinding|Buffer)Size$/),
        isOneVector: true,
      }),
      memory: { buffers: 0, bytes: 0 },
      uncaught: [],
    })
  })

  test('where there is no adapter it says what to install', async () => {
    const { create } = await import('webgpu')
    const made = await makeWebGpuBackend({ gpu: create(['adapter=no such adapter']), allowSoftware: true })()
    expect(made).toMatchObject({
      _tag: 'Left',
      left: {
        _tag: 'BackendUnavailable',
        reason: expect.stringMatching(/adapter/),
        remedy: { kind: 'installDriver' },
      },
    })
  })

  test('a software adapter is refused where it was not allowed', async () => {
    expect(await checks.startWithoutSoftware()).toEqual(
      isSoftware(String(started.device)) ? expect.stringMatching(/software/) : undefined,
    )
  })
})

const { subgroups } = started
if (subgroups?.has !== true)
  console.warn('SKIPPED: tests of subgroups: this device of Dawn does not offer them')

describe.skipIf(subgroups?.has !== true)(`subgroups of ${subgroups?.sizes.join(' to ')} in Dawn`, () => {
  test('are used where they prove right, and found out where they do not', async () => {
    expect(subgroups?.used).toBe(true)
    expect(await checks.subgroupProofs()).toEqual({
      asItIs: true,
      shufflesGoAstray: false,
      refusesTheShader: false,
      lost: false,
      noFeature: false,
      uncaught: [],
    })
  })

  test('the laws hold with them', async () => {
    const laws = isOnCpu ? resultLaws : lawNames
    const asked = { golden: officialJson(), ...amount, laws, subgroups: true }
    const { report, text, uncaught } = await checks.laws(asked)
    expect(report.passed, text).toBe(true)
    expect(uncaught).toEqual([])
  })

  test('ten thousand random vectors come out as from core with them', async () => {
    expectAllEqual(await checks.randomVectors({ vectors: 10_000, subgroups: true }))
  })

  test('tiles, merges, groups of vectors and folded dispatches equal core with them', async () => {
    const asked = { ...small, exchange: 'subgroups' } as const
    expect(await checks.underLimits(asked)).toEqual({ wrong: [], uncaught: [] })
  })

  test('where they do not fill the workgroup everything goes through shared memory', async () => {
    const exchange = 'subgroups that do not fill the workgroup'
    expect(await checks.underLimits({ sizes: sizesOfTiles, exchange, emits: ['rank'] })).toEqual({
      wrong: [],
      uncaught: [],
    })
  })
})

describe.skipIf(started.device === undefined)('the network with exchanges between threads', () => {
  test.each([8, 32, 128] as const)(
    'is right for subgroups of %i threads that lie scattered',
    async (size) => {
      const exchange = `emulated subgroups of ${size}` as const
      expect(await checks.underLimits({ sizes: sizesOfTiles, exchange, emits: ['rank'] })).toEqual({
        wrong: [],
        uncaught: [],
      })
    },
  )
})
