/** For everybody: axe's rules in both themes, the keyboard alone, narrow screens, and screenshots to look at. */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, hasChromium, openDemo } from './demo.ts'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Rules that are broken, each with the places. */
const violations = async (page: Page): Promise<readonly string[]> => {
  await page.addScriptTag({ path: axePath })
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
  })
}

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const

describe.skipIf(!hasChromium)('everybody', () => {
  const folder = join(tmpdir(), 'laperm-demo-screenshots')
  let demo: Demo
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    demo = await openDemo()
  })
  afterAll(() => demo?.close())

  test.each([
    ['phone', 'light'],
    ['phone', 'dark'],
    ['desktop', 'light'],
    ['desktop', 'dark'],
  ] as const)(
    'finds the page clean for axe on a %s in %s, before and after training',
    async (size, colorScheme) => {
      const { page, ...driven } = await demo.open('#steps=60&k=20', { viewport: sizes[size], colorScheme })
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(folder, `${size}-${colorScheme}-start.png`) })
      await driven.start()
      await driven.waitFor('#start', /Go on/)
      await page.click('#numbers summary')
      if (size === 'phone') await page.click('#settings-panel > summary')
      await page.click('#settings details summary')
      await page.fill('#setting-k', 'twenty')
      await page.press('#setting-k', 'Tab')
      await driven.waitFor(
        '#setting-k-problem',
        /“twenty” is not taken: it must be a number in decimal notation\. The last good value, 20, stays/,
      )
      expect(await violations(page)).toEqual([])
      await page.fill('#setting-k', '20')
      await page.press('#setting-k', 'Tab')
      if (size === 'phone') await page.click('#settings-panel > summary')
      // Nothing sticks out to the right.
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await page.evaluate(() => scrollTo(0, 0))
      await page.screenshot({ path: join(folder, `${size}-${colorScheme}.png`), fullPage: true })
      expect(driven.complaints).toEqual([])
      await driven.close()
    },
  )

  test.each(['light', 'dark'] as const)(
    'finds a checked backend, drawn values, verified backends and notices clean for axe in %s',
    async (colorScheme) => {
      const { page, ...driven } = await demo.open('#model=f1&k=5&steps=10&color=blue', {
        viewport: sizes.phone,
        colorScheme,
      })
      await driven.waitFor('#notices', /“color”, which is no setting/)
      await page.click('#start')
      await driven.waitFor('#start', /Go on/)
      await page.check('#errors')
      await page.focus('.drawn input')
      await page.keyboard.press('ArrowUp')
      await driven.waitFor('#alter-said', /the values that you drew/)
      await page.setInputFiles('#own-backend-file', {
        name: 'mine.mjs',
        mimeType: 'text/javascript',
        buffer: Buffer.from('export const sort = 1'),
      })
      await driven.waitFor('#own-backend-status', /must export a Backend/)
      await page.click('#own-backend summary')
      await page.fill('#trials', '1')
      await page.fill('#longest', '5')
      await page.click('#verify-start')
      await driven.waitFor('#verify-status', /^Done/)
      expect(await violations(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      expect(driven.complaints).toEqual([])
      await driven.close()
    },
  )

  test('fits the narrowest screens', async () => {
    const { page, close } = await demo.open('', { viewport: { width: 320, height: 600 } })
    await page.click('#settings-panel > summary')
    await page.waitForFunction(() => document.querySelectorAll('#layer option').length > 0)
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await width()).toBeLessThanOrEqual(320)
    // The longest words that stand side by side.
    await page.evaluate(() => {
      for (const score of document.querySelectorAll('#scores dd')) score.textContent = '100.0%'
      const start = document.getElementById('start')
      if (start !== null) start.textContent = 'Starting …'
      document.getElementById('scores')?.setAttribute('data-scale', 'error')
    })
    expect(await width()).toBeLessThanOrEqual(320)
    await close()
  })

  test('trains, draws and changes settings with the keyboard alone', async () => {
    const { page, ...driven } = await demo.open('#steps=40')
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('start')
    await page.keyboard.press('Space')
    await driven.waitFor('#start', /Go on/)
    expect(await focused()).toBe('start')
    const reached: string[] = []
    for (let tab = 0; tab < 5; tab++) {
      await page.keyboard.press('Tab')
      reached.push(await focused())
    }
    expect(reached.slice(0, 4)).toEqual(['movie-play', 'movie-time', 'movie-save', 'movie-link'])
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('application')
    // Ten samples, and the button that clears.
    for (let tab = 0; tab < 12; tab++) await page.keyboard.press('Tab')
    expect(await focused()).toBe('step')
    // The focus can be seen.
    expect(
      await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle),
    ).toBe('solid')
    await page.focus('[role="application"]')
    for (const key of ['Space', ...Array<string>(12).fill('ArrowDown'), 'Space'])
      await page.keyboard.press(key)
    await page.waitForFunction(() => document.querySelectorAll('#opinions tbody tr').length === 2)
    await page.focus('#setting-seed')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('77')
    await page.keyboard.press('Tab')
    expect(new URL(page.url()).hash).toContain('seed=77')
    await driven.waitFor('#notices', /The settings have changed/)
    expect(driven.complaints).toEqual([])
    await driven.close()
  })

  test('hears of the run when it changes, not at every step', async () => {
    const { page, ...driven } = await demo.open('#steps=60')
    await page.evaluate(() => {
      const spoken: string[] = []
      Object.assign(globalThis, { spoken })
      for (const region of document.querySelectorAll('[role="status"], [role="alert"], [aria-live]'))
        new MutationObserver(() => spoken.push(region.textContent ?? '')).observe(region, {
          childList: true,
          characterData: true,
          subtree: true,
        })
    })
    await driven.start()
    await driven.waitFor('#start', /Go on/)
    const spoken = await page.evaluate(() => (globalThis as unknown as { spoken: string[] }).spoken)
    expect(spoken.at(-1)).toMatch(
      /^Step 60: the steps that were set are done.*LaPerm [\d.]+%.* 202 of 202 weight vectors are permutations of θ₀/,
    )
    expect(spoken.length).toBeLessThan(8)
    await driven.close()
  })
})
