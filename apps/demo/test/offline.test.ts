/** What a visitor's first load weighs, and that nothing is missing when the network is gone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Demo, hasChromium, openDemo } from './demo.ts'

/** The most that a first load may weigh, in bytes. What it weighs is printed below and stands in docs/results. */
const most = 400_000

describe.skipIf(!hasChromium)('the site', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await openDemo()
  })
  afterAll(() => demo?.close())

  const compressed = (file: string): number => gzipSync(readFileSync(join(inject('siteFolder'), file))).length
  const listOf = (name: 'files' | 'rest'): readonly string[] => {
    const source = readFileSync(join(inject('siteFolder'), 'service-worker.js'), 'utf8')
    return JSON.parse(new RegExp(`const ${name} = (\\[.*\\])`).exec(source)?.[1] ?? '[]')
  }
  const kept = (): readonly string[] => listOf('files').map((file) => (file === './' ? 'index.html' : file))

  test('loads in under 400 kB, compressed, with everything that training on WebAssembly needs', async () => {
    const page = await demo.open('#seed=1')
    await page.start()
    await page.untilStep(1)
    await page.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    const asked = [...new Set(demo.site.asked)]
    const bytes = asked.reduce((sum, file) => sum + compressed(file), 0)
    console.log(
      `first load with training: ${asked.length} files, ${Math.round(bytes / 1000)} kB compressed; the page before Start: ${Math.round(
        asked
          .filter((file) => /index|training-worker|weight-vectors/.test(file))
          .reduce((sum, file) => sum + compressed(file), 0) / 1000,
      )} kB`,
    )
    expect(bytes).toBeLessThan(most)
    // What the service worker keeps is what was loaded, and no GPU backend.
    expect(kept().filter((file) => !asked.includes(file))).toEqual([])
    expect(asked.filter((file) => /webgl|webgpu|verify|measure/.test(file))).toEqual([])
    await page.close()
  })

  test('once loaded it trains without a network, also after it was opened again, and once it had time it verifies', async () => {
    const { page, ...driven } = await demo.open('#model=f1')
    // Nothing was started yet: the backend itself must have been kept too.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await page.context().setOffline(true)
    await page.reload()
    expect(await page.evaluate(() => navigator.onLine)).toBe(false)
    await driven.start()
    await driven.untilStep(20)
    expect(await page.textContent('#verdict')).toBe('yes')
    expect(driven.complaints).toEqual([])

    // A GPU backend that was not loaded yet cannot come from nowhere: the page says so, and goes on.
    await driven.pause()
    await page.evaluate(() => {
      location.hash = '#model=f1&backend=webgl&software=1'
    })
    await page.click('#start')
    await driven.waitFor('#notices', /its code could not be loaded .* go online once/)
    await page.click('text=Start again on WebAssembly')
    await driven.untilStep(5)
    await driven.pause()

    // Once it had time it also verifies: this is what the page asks for by itself a little later.
    await page.context().setOffline(false)
    await page.evaluate(async () =>
      (await navigator.serviceWorker.ready).active?.postMessage('keep the rest'),
    )
    await expect
      .poll(
        () =>
          page.evaluate(async (rest) => {
            const found = await Promise.all(rest.map((file) => caches.match(file)))
            return found.filter((response) => response === undefined).length
          }, listOf('rest')),
        { timeout: 60_000 },
      )
      .toBe(0)
    await page.context().setOffline(true)
    await page.fill('#trials', '1')
    await page.fill('#longest', '20')
    await page.click('#verify-start')
    await driven.waitFor('#verify-status', /^Done: all 3 backends that run here equal the reference/)
    expect(await page.textContent('#results')).not.toMatch(/could not be loaded|failed to fetch/i)
    // The keyboard is where it was.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('verify-start')
    await driven.close()
  })
})
