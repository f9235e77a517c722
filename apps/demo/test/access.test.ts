/** For everybody: axe's rules in every state and both themes, the keyboard alone, narrow screens, what is read aloud. */
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo } from './demo.ts'
import { ownBackend } from './own-backend-module.mjs'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Rules that are broken, each with the places. @param rules all of them where none is named. */
const violations = async (page: Page, rules: readonly string[] = []): Promise<readonly string[]> => {
  await page.addScriptTag({ path: axePath })
  return page.evaluate(
    async (names) => {
      const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }
      const found = await axe.run(names.length === 0 ? {} : { runOnly: names })
      return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
      )
    },
    [...rules],
  )
}

/** Everything in one theme; what another theme changes, in that one. */
const expectClean = async ({ page }: Pick<DemoPage, 'page'>): Promise<void> => {
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await violations(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, ['color-contrast'])).toEqual([])
  // Nothing sticks out to the right.
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
}

describe.skipIf(!hasChromium)('everybody', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await openDemo()
  })
  afterAll(() => demo?.close())

  test('finds the run that plays by itself and all that can be done with it clean for axe on a laptop and on a phone', async () => {
    const opened = await demo.open('', { viewport: { width: 1440, height: 900 } })
    const { page } = opened
    await opened.untilStep(21)
    await expectClean(opened)
    await opened.pause()
    // The movie, gone back.
    await page.focus('#movie-time')
    await page.keyboard.press('Home')
    await opened.waitFor('#neuron-note', /before training/)
    await page.check('#errors')
    await page.click('#numbers summary')
    await page.click('#settings details summary')
    await page.fill('#setting-k', 'twenty')
    await page.press('#setting-k', 'Tab')
    await opened.waitFor(
      '#setting-k-problem',
      /“twenty” is not taken: it must be a number in decimal notation\. The last good value, 20, stays/,
    )
    await page.focus('#shuffle')
    await page.keyboard.press('ArrowRight')
    await opened.waitFor('#alter-said', /^With 5% of each/)
    await page.setViewportSize({ width: 390, height: 844 })
    await expectClean(opened)

    // The narrowest screens, with the longest words that stand side by side.
    await page.setViewportSize({ width: 320, height: 600 })
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await width()).toBeLessThanOrEqual(320)
    await page.evaluate(() => {
      for (const score of document.querySelectorAll('#scores dd')) score.textContent = '100.0%'
      const start = document.getElementById('start')
      if (start !== null) start.textContent = 'Starting …'
    })
    expect(await width()).toBeLessThanOrEqual(320)
    expect(opened.complaints).toEqual([])
    await opened.close()
  })

  test('finds notices, drawn values, a checked backend and verified ones clean for axe, also in forced colours and without motion', async () => {
    const opened = await demo.open('#model=f1&k=5&steps=10&color=blue', {
      viewport: { width: 390, height: 844 },
      reducedMotion: 'reduce',
    })
    const { page } = opened
    await opened.waitFor('#notices', /“color”, which is no setting/)
    await opened.train()
    await page.focus('.drawn input')
    await page.keyboard.press('ArrowUp')
    await opened.waitFor('#alter-said', /the values that you drew/)
    await page.fill('#trials', '1')
    await page.fill('#longest', '5')
    await page.setInputFiles('#own-backend-file', {
      name: 'mine.mjs',
      mimeType: 'text/javascript',
      buffer: Buffer.from(ownBackend('a - b || i - j')),
    })
    await opened.waitFor('#own-backend-status', /^It equals the reference/)
    await page.click('#own-backend details summary')
    await page.click('#verify-start')
    await opened.waitFor('#verify-status', /^Done/)
    await expectClean(opened)
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' })
    // Colours are the system's then, and axe takes those that the page would have had.
    expect(await violations(page, ['cat.aria', 'cat.name-role-value', 'cat.structure'])).toEqual([])
    expect(opened.complaints).toEqual([])
    await opened.close()
  })

  test('trains, draws and changes settings with the keyboard alone, and hears of the run when it changes, not at every step', async () => {
    const { page, ...driven } = await demo.open('#model=f1&steps=40')
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
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('start')
    await page.keyboard.press('Space')
    await driven.waitFor('#start', /Go on/)
    expect(await focused()).toBe('start')
    const spoken = await page.evaluate(() => (globalThis as unknown as { spoken: string[] }).spoken)
    expect(spoken.at(-1)).toMatch(
      /^Step 40: the steps that were set are done.*LaPerm [\d.]+%.* 10 of 10 weight vectors are permutations of θ₀/,
    )
    expect(spoken.length).toBeLessThan(8)

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
})
