/**
 * A page that is cross-origin isolated trains on several threads, and stays awake while it does.
 *
 * Long tasks are counted in time that passed, which other programs lengthen: `npm run measure` counts them. Here it is the processor's time of the page's
 * own thread, beside the time that it had: a page that trained there would use all of it.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Demo, hasChromium, openDemo, trainingWorker } from './demo.ts'
import { isolationHeaders, serveSite } from './site.ts'

describe.skipIf(!hasChromium)('a cross-origin isolated page', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await openDemo('none', await serveSite(inject('siteFolder'), isolationHeaders))
  })
  afterAll(() => demo?.close())

  test('trains, convolutions by threads where there are cores for them, and its own thread has time left', async () => {
    const { page, ...driven } = await demo.open('#model=conv7-small&batch=8&k=1&steps=100000')
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    // tfjs takes a thread for every two cores.
    const worker = await trainingWorker({ page })
    await worker.evaluate(() =>
      Object.defineProperty(navigator, 'hardwareConcurrency', { configurable: true, get: () => 4 }),
    )
    await driven.start()
    await driven.untilStep(2)
    expect(await page.textContent('#engine-note')).toMatch(/WebAssembly, 2 threads/)
    expect(await page.textContent('#verdict')).toBe('yes')
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    const taken = async (): Promise<number> => {
      const { metrics } = await cdp.send('Performance.getMetrics')
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
    }
    const before = await taken()
    await page.waitForTimeout(2000)
    const share = ((await taken()) - before) / 2
    console.log(`the page's own thread while it trains: ${Math.round(100 * share)}% of a core`)
    expect(share).toBeLessThan(0.6)
    expect(await page.textContent('#notices')).toBe('')
    expect(driven.complaints).toEqual([])
    await driven.close()
  })
})
