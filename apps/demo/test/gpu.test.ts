/**
 * The page on GPUs, in a real Chromium: each trains as WebAssembly does, and a device that is lost is followed by the same run on WebAssembly.
 *
 * Engines and backends are proved by their own packages; here it is the page's way to each of them. F1 has few kernels to compile, and eight steps are
 * two synchronizations: a software GPU takes its time for both.
 */
import type { Worker } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo, trainingWorker } from './demo.ts'

/** Keep what the worker asks for, so that the test can take it away. */
const holdDevice = (worker: Worker): Promise<void> =>
  worker.evaluate(() => {
    const original = GPUAdapter.prototype.requestDevice
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await original.call(this, descriptor)
      Object.assign(globalThis, { takeAway: () => device.destroy() })
      return device
    }
  })
/** What the page only probes with loses its own context at once. */
const holdContext = (worker: Worker): Promise<void> =>
  worker.evaluate(() => {
    const original = OffscreenCanvas.prototype.getContext
    OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...asked: unknown[]) {
      const context = Reflect.apply(original, this, asked)
      if (context instanceof WebGL2RenderingContext)
        Object.assign(globalThis, {
          takeAway: () => {
            context.getExtension('WEBGL_lose_context')?.loseContext()
            if (!context.isContextLost()) throw new Error('the context is still there')
          },
        })
      return context
    } as typeof original
  })
const takeAway = (worker: Worker): Promise<void> =>
  worker.evaluate(() => (globalThis as unknown as { takeAway: () => void }).takeAway())

describe.skipIf(!hasChromium)('on a GPU', () => {
  let demo: Demo
  let page: DemoPage
  beforeAll(async () => {
    demo = await openDemo('software')
    page = await demo.open('#model=f1&backend=webgl', {
      viewport: { width: 390, height: 844 },
      reducedMotion: 'reduce',
    })
    // tfjs keeps its first context, also that of an engine which was refused.
    await holdContext(await trainingWorker(page))
  })
  afterAll(() => demo?.close())

  test('that is software and was not asked for is refused with the reason, and nothing else is taken in its place', async () => {
    await page.waitFor('#setting-backend-webgl-detail', /program on the CPU/)
    await page.page.click('#start')
    await page.waitFor('#notices', /Engine webgl cannot run here: .*CPU/)
    expect(await page.page.textContent('#start')).toBe('Start')
  })

  /** What a run shows that has paused by itself. */
  const results = async () => {
    await page.waitFor('#start', /Go on/)
    return {
      losses: (await page.firstLosses()).map((row) => row.split(' ').slice(1, 3).map(Number)),
      accuracies: await page.accuracies(),
      engine: (await page.page.textContent('#engine-note')) ?? '',
      claim: await page.page.textContent('.claim'),
    }
  }
  const permuted = 'All 10 weight vectors are permutations of θ₀: yes'

  test.each([
    ['webgl', /WebGL on/, /WebGL context.* lost.*What was trained until then is still shown/i],
    ['webgpu', /WebGPU on/, /Engine webgpu lost its device: .* What was trained until then is still shown/],
  ] as const)(
    '%s trains as WebAssembly does, where the run begins again when the device is lost',
    async (backend, name, told) => {
      await page.follow(`#model=f1&backend=${backend}&software=1&lr=0.005&k=4&batch=16&steps=8`)
      const worker = await trainingWorker(page)
      if (backend === 'webgpu') await holdDevice(worker)
      await page.page.click('#start')
      const there = await results()
      expect(there.engine).toMatch(name)
      expect(there.claim).toBe(permuted)

      await takeAway(worker)
      await page.page.click('#start')
      expect(await page.waitFor('#notices', /lost/)).toMatch(told)
      expect(await page.page.textContent('#start')).toBe('Start anew')
      await page.page.click('text=Start again on WebAssembly')
      await page.waitFor('#engine-note', /WebAssembly/)
      const here = await results()
      expect(here.claim).toBe(permuted)
      expect(new URL(page.page.url()).hash).toContain('backend=wasm')

      // Sums in another order differ in their last bits, and so does, here and there, the order of two nearly equal weights.
      expect(there.losses).toHaveLength(8)
      for (const [i, loss] of there.losses.flat().entries())
        expect(loss, `loss ${i}`).toBeCloseTo(here.losses.flat()[i], 2)
      // Before training: the same weights on the same images.
      expect(there.accuracies).toHaveLength(1)
      expect(there.accuracies).toEqual(here.accuracies)
    },
  )
})
