import { fileURLToPath } from 'node:url'
import { lawNames } from '@laperm/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { assertWantedDevice, isSoftware } from '../../../test/devices/hardware.ts'
import { type OpenPage, openPage } from '../../../test/devices/open-page.ts'
import { type Proof, type ProvenVectors, resultLaws } from '../../../test/devices/prove.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import { officialJson } from '../../../test/official-golden.ts'
import type { Started } from './checks.ts'
import { sizesUnderSmallLimits, smallLimits } from './small-limits.ts'

const opened = await openPage(fileURLToPath(new URL('page.ts', import.meta.url)), 'webgpu')
if (opened === undefined)
  reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')
const started = (await opened?.call('start')) as Started | undefined
if (started?.reason !== undefined) reportMissing('webgpu', started.reason)
assertWantedDevice(started?.device)

describe.skipIf(started?.device === undefined)(
  `WebGPU in Chromium ${opened?.version} on ${started?.device}`,
  () => {
    const page = opened as OpenPage
    // As `makeWebGpuBackend` decides by itself.
    const subgroups = started?.subgroups?.used === true
    afterAll(() => page.close())

    /** The shaders are those of dawn.test.ts, which proves them by every law on every device. */
    const asked = {
      golden: officialJson(),
      trials: 0,
      maxWeights: 256,
      laws: isSoftware(String(started?.device)) ? resultLaws : lawNames,
    }

    test("the laws hold, and the authors' 26 results come out bit for bit", async () => {
      const { report, text, uncaught } = (await page.call('laws', { ...asked, subgroups })) as Proof & {
        uncaught: string[]
      }
      expect(report.passed, text).toBe(true)
      expect(report.laws.find(({ name }) => name === 'golden cases')?.cases).toBe(26)
      expect(uncaught).toEqual([])
    })

    // The shaders are those of dawn.test.ts, which takes ten thousand on every device.
    test('random vectors of 1 to 16384 weights come out as from core', async () => {
      const least = isSoftware(String(started?.device)) ? 1_000 : 10_000
      const asked = { vectors: least, subgroups }
      const { vectors, longest, ...rest } = (await page.call('randomVectors', asked)) as ProvenVectors
      expect(rest).toEqual({ wrong: [], uncaught: [] })
      expect(vectors).toBeGreaterThanOrEqual(least)
      expect(longest).toBe(16384)
    })

    test('tiles, merges, groups of vectors and folded dispatches equal core', async () => {
      expect(await page.call('underLimits', { limits: smallLimits, sizes: sizesUnderSmallLimits })).toEqual({
        wrong: [],
        uncaught: [],
      })
    })

    test.skipIf(started?.subgroups?.has !== true)(
      'so they do with subgroups, which prove right',
      async () => {
        expect(started?.subgroups?.used).toBe(true)
        const asked = { limits: smallLimits, sizes: sizesUnderSmallLimits, exchange: 'subgroups' }
        expect(await page.call('underLimits', asked)).toEqual({ wrong: [], uncaught: [] })
      },
    )

    test("tfjs's own tensors equal core, recorded or submitted", async () => {
      const wrong = (await page.call('tensors')) as Record<string, readonly string[]>
      expect(Object.keys(wrong)).toHaveLength(8)
      expect(Object.entries(wrong).filter(([, operations]) => operations.length > 0)).toEqual([])
    })

    test('the laws hold on tensors of the shape of convolution kernels', async () => {
      const { report, text } = (await page.call('tensorLaws', asked)) as Proof
      expect(report.passed, text).toBe(true)
      expect(report.laws.find(({ name }) => name === 'golden cases')?.cases).toBe(26)
    })

    test('a hundred synchronizations of tensors leave no tensor and no byte behind', async () => {
      const { before, after } = (await page.call('tensorLeaks')) as Record<'before' | 'after', unknown>
      expect(after).toEqual(before)
    })

    test('NaN is found by place and ranks last', async () => {
      expect(await page.call('diverged')).toEqual({
        found: { _tag: 'Diverged', variable: '', vector: 0, index: 1 },
        fine: true,
        ranks: [1, 0, 0, 2, 1, 1, 0, 2, 2],
      })
    })

    test('a hundred synchronizations leave no buffer behind, and closing leaves none at all', async () => {
      const { before, after, ...rest } = (await page.call('leaks', { subgroups })) as Record<string, unknown>
      expect(after).toEqual(before)
      expect(rest).toEqual({ closed: { buffers: 0, bytes: 0 }, uncaught: [] })
    })

    // SwiftShader allows buffers of 1 GiB and allocates none; a GPU with that much memory gives it.
    test('memory that the device does not have is told so, and harms nothing else', async () => {
      const { tag, ...rest } = (await page.call('outOfMemory')) as Record<string, unknown>
      expect(rest).toEqual({ stillWorks: true, uncaught: [] })
      if (isSoftware(String(started?.device))) expect(tag).toBe('DeviceOutOfMemory')
    })

    test('merges that the device has no memory for say so, and later ones go on', async () => {
      const { tag, ...rest } = (await page.call('outOfScratch')) as Record<string, unknown>
      expect(rest).toEqual({ stillMerges: true, left: 0, uncaught: [] })
      if (isSoftware(String(started?.device))) expect(tag).toBe('DeviceOutOfMemory')
    })

    test('what no buffer can hold is refused by the name of the limit', async () => {
      expect(await page.call('tooLarge')).toEqual({
        fault: expect.objectContaining({
          _tag: 'DeviceLimitExceeded',
          limit: expect.stringMatching(/^max(StorageBufferBinding|Buffer)Size$/),
          isOneVector: true,
        }),
        memory: { buffers: 0, bytes: 0 },
        uncaught: [],
      })
    })

    test('a lost device is told at once by every call, and to a download that waits', async () => {
      expect(await page.call('lose')).toEqual({
        waiting: 'DeviceLost',
        later: 'DeviceLost',
        sync: 'DeviceLost',
        upload: 'DeviceLost',
      })
    })

    test('a device that is lost before anybody is told hangs nothing, and leaves nothing behind', async () => {
      expect(await page.call('loseUntold')).toEqual({
        tags: ['DeviceLost', 'DeviceLost', 'DeviceLost', 'DeviceLost'],
        left: 0,
      })
      expect(['no error', 'DeviceLost']).toContain(await page.call('loseBeforeHealth'))
    })

    test('permuting and the search for NaN are folded into two dimensions', async () => {
      const outcome = await page.call('elementwiseUnderLimits', smallLimits)
      expect(outcome).toEqual({ permutes: true, place: 1990, uncaught: [] })
    })

    test('a refused command travels with its bank to the download, and harms nothing else', async () => {
      expect(await page.call('refused')).toEqual({ tag: 'DeviceRejected', uncaught: [], stillWorks: true })
    })

    test("a refused command on tfjs's tensors is told once, and harms nothing else", async () => {
      expect(await page.call('refusedTensor')).toEqual({ tag: 'DeviceRejected', stillWorks: true })
    })

    test('a call on a tensor that is gone throws, and leaves no data behind', async () => {
      const { thrown, before, after } = (await page.call('goneTensor')) as Record<string, unknown>
      expect(thrown).toBe(true)
      expect(after).toBe(before)
    })

    // The last on tfjs's device: there is no other in this page.
    test("tfjs's device lost is told by every wait for its operations, and hangs none", async () => {
      expect(await page.call('loseTensors')).toEqual(['DeviceLost', 'DeviceLost', 'DeviceLost'])
    })

    test('a software adapter is refused where it was not allowed', async () => {
      const reason = await page.call('startWithoutSoftware')
      if (isSoftware(String(started?.device))) expect(reason).toMatch(/software/)
      else expect(reason).toBeUndefined()
    })
  },
)
