import { fileURLToPath } from 'node:url'
import { lawNames } from '@laperm/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { assertWantedDevice, isSoftware } from '../../../test/devices/hardware.ts'
import { type OpenPage, openPage } from '../../../test/devices/open-page.ts'
import { type Proof, type ProvenVectors, resultLaws } from '../../../test/devices/prove.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import { officialJson } from '../../../test/official-golden.ts'

const opened = await openPage(fileURLToPath(new URL('page.ts', import.meta.url)), 'webgl')
if (opened === undefined)
  reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')
const started = (await opened?.call('start')) as { device?: string; reason?: string } | undefined
if (started?.reason !== undefined) reportMissing('webgl', started.reason)
assertWantedDevice(started?.device)

describe.skipIf(started?.device === undefined)(
  `WebGL 2 in Chromium ${opened?.version} on ${started?.device}`,
  () => {
    const page = opened as OpenPage
    afterAll(() => page.close())
    const isOnCpu = isSoftware(String(started?.device))
    /** A software renderer takes every boundary length; random vectors of every length are another test's. */
    const amount = isOnCpu ? { trials: 0, maxWeights: 256 } : { trials: 40, maxWeights: 2048 }

    test("every law holds, and the authors' 26 results come out bit for bit", async () => {
      const asked = { golden: officialJson(), ...amount, laws: lawNames, onTensors: false }
      const { report, text } = (await page.call('laws', asked)) as Proof
      expect(report.passed, text).toBe(true)
      expect(report.laws.find(({ name }) => name === 'golden cases')?.cases).toBe(26)
      expect(report.leftOut).toEqual([])
    })

    test('the laws hold on tensors of the shape of convolution kernels', async () => {
      const asked = {
        golden: officialJson(),
        ...amount,
        laws: isOnCpu ? resultLaws : lawNames,
        onTensors: true,
      }
      const { report, text } = (await page.call('laws', asked)) as Proof
      expect(report.passed, text).toBe(true)
      expect(report.laws.find(({ name }) => name === 'golden cases')?.cases).toBe(26)
    })

    test('ten thousand random vectors of 1 to 16384 weights come out as from core', async () => {
      const { vectors, longest, wrong } = (await page.call('randomVectors', 10_000)) as ProvenVectors
      expect(wrong).toEqual([])
      expect(vectors).toBeGreaterThanOrEqual(10_000)
      expect(longest).toBe(16384)
    })

    test('tensors of every rank and storage equal core', async () => {
      const wrong = (await page.call('tensors')) as Record<string, readonly string[]>
      expect(Object.keys(wrong)).toHaveLength(13)
      expect(Object.entries(wrong).filter(([, operations]) => operations.length > 0)).toEqual([])
    })

    test('a hundred synchronizations leave no tensor and no texture behind', async () => {
      const { before, after } = (await page.call('leaks')) as Record<'before' | 'after', unknown>
      expect(after).toEqual(before)
    })

    test('NaN is found by place and ranks last', async () => {
      // Column 0 is [1, NaN, -1]: ranks [1, 2, 0]. Column 1 is [2, 5, 8]. Column 2 is [3, NaN, NaN]: the first NaN goes first.
      expect(await page.call('diverged')).toEqual({
        found: { _tag: 'Diverged', variable: '', vector: 0, index: 1 },
        fine: true,
        ranks: [1, 0, 0, 2, 1, 1, 0, 2, 2],
      })
    })

    test('with four outputs a fragment, in small blocks and small textures, with many ties, results equal core', async () => {
      expect(await page.call('otherLimits')).toEqual([])
    })

    test('with textures of 32 texels a side, banks of up to four times 32 squared weights come out as from core', async () => {
      expect(await page.call('smallTextures')).toEqual([])
    })

    test('between operations of tfjs ours change no result and no binding of theirs', async () => {
      expect(await page.call('interleaved')).toEqual([])
    })

    test('work textures of many sizes are freed beyond 96 MiB', async () => {
      const { count, bytes } = (await page.call('keptTextures')) as Record<'count' | 'bytes', number>
      expect(count).toBeGreaterThan(0)
      expect(bytes).toBeLessThanOrEqual(96 * 2 ** 20)
    })

    test('a work texture that the device does not give is told as such, and nothing is lost', async () => {
      await page.fresh()
      expect(await page.call('outOfMemory')).toEqual({
        fault: 'DeviceOutOfMemory',
        leftBehind: '',
        kept: 0,
        isReadable: true,
        goesOn: true,
        isLost: false,
      })
    })

    test('what no texture can hold is refused by the name of the limit', async () => {
      expect(await page.call('tooLarge')).toBe('DeviceLimitExceeded')
    })

    test('a lost context is told at once by every call, and to a download that waits', async () => {
      expect(await page.call('lose')).toEqual({
        waiting: 'DeviceLost',
        later: 'DeviceLost',
        sync: 'DeviceLost',
        upload: 'DeviceLost',
      })
    })

    test('16-bit float textures are refused with the reason', async () => {
      await page.fresh()
      expect(await page.call('startWithHalfFloats')).toMatch(/16-bit floats/)
    })

    test('a software renderer is refused where it was not allowed', async () => {
      await page.fresh()
      const expected = isSoftware(String(started?.device)) ? /run on the CPU|no WebGL context/ : /^made on /
      expect(await page.call('startWithoutSoftware')).toMatch(expected)
    })
  },
)
