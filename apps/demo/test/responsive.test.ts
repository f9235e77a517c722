/**
 * The page stays awake while its worker trains: long tasks of the page's own thread, as the browser counts them.
 *
 * A machine that is busy with other things makes tasks long that are not (its two cores also train and draw here), so the count is printed and
 * only a page that blocks as a rule fails: what may not happen is work of ours that does not fit.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Demo, hasChromium, openDemo } from './demo.ts'
import { isolationHeaders, serveSite } from './site.ts'

describe.skipIf(!hasChromium)('the page while it trains', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await openDemo()
  })
  afterAll(() => demo?.close())

  test('trains where it is cross-origin isolated', async () => {
    const isolated = await serveSite(inject('siteFolder'), isolationHeaders)
    try {
      const page = await demo.browser.newPage()
      await page.goto(`${isolated.url}#model=f1&steps=20`)
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      await page.click('#start')
      await page.waitForFunction(() => document.getElementById('verdict')?.textContent === 'yes', null, {
        timeout: 60_000,
      })
      expect(await page.textContent('#notices')).toBe('')
      await page.close()
    } finally {
      await isolated.close()
    }
  })

  test('has few tasks over 50 ms', async () => {
    const { page, ...driven } = await demo.open('#k=5&steps=100000')
    await driven.start()
    await page.waitForFunction(() => Number(document.getElementById('where')?.dataset.step) >= 20)
    const seen = await page.evaluate(async () => {
      const long: number[] = []
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) long.push(Math.round(duration))
      })
      observer.observe({ type: 'longtask' })
      let frames = 0
      const end = performance.now() + 8000
      while (performance.now() < end) {
        await new Promise(requestAnimationFrame)
        frames++
      }
      observer.disconnect()
      return { long, frames }
    })
    await driven.pause()
    console.log(
      `8 s of training: ${seen.frames} frames, ${seen.long.length} tasks over 50 ms on the page's thread${
        seen.long.length === 0 ? '' : ` (${seen.long.join(', ')} ms)`
      }`,
    )
    // A quarter of the time blocked would be a page that trains on its own thread.
    expect(seen.long.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2000)
    await driven.close()
  })
})
