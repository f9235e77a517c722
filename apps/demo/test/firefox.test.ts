/** The story in a real Firefox: that the page asks for nothing that only Chromium has. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { reportMissing } from '../../../test/devices/required.ts'
import { type Site, serveSite } from './site.ts'

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
/** `FIREFOX_PATH`, or the first of the path's folders that has one. */
const executablePath =
  process.env['FIREFOX_PATH'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => ['firefox-esr', 'firefox'].map((name) => join(folder, name)))
    .find(isExecutable)
if (executablePath === undefined)
  reportMissing('firefox', 'none was found; install it (on Debian firefox-esr), or set FIREFOX_PATH')

describe.skipIf(executablePath === undefined)('in Firefox', () => {
  let site: Site
  let browser: Browser
  beforeAll(async () => {
    site = await serveSite(inject('siteFolder'))
    browser = await puppeteer.launch({
      browser: 'firefox',
      ...(executablePath === undefined ? {} : { executablePath }),
      headless: true,
      timeout: 120_000,
    })
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const open = async (hash: string): Promise<{ readonly page: Page; readonly complaints: string[] }> => {
    const page = await browser.newPage()
    page.setDefaultTimeout(120_000)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error instanceof Error ? error.message : String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(`${site.url}${hash}`)
    return { page, complaints }
  }
  const textOf = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, (element) => element.textContent ?? '')

  test('the page plays by itself, its movie goes back, and Start trains to a verdict', async () => {
    const { page, complaints } = await open('')
    await page.waitForFunction(() => Number(document.getElementById('where')?.dataset['step']) >= 41)
    expect(await textOf(page, '.claim')).toBe('All 10 weight vectors are permutations of θ₀: yes')
    for (const name of ['laperm', 'adam'])
      expect(Number.parseFloat(await textOf(page, `#score-${name}`))).toBeGreaterThan(30)
    await page.click('#start')
    await page.waitForFunction(() => document.getElementById('start')?.textContent === 'Go on')
    await page.focus('#movie-time')
    await page.keyboard.press('Home')
    await page.waitForFunction(() =>
      document.getElementById('neuron-note')?.textContent?.includes('before training. 0 of its 784 places'),
    )
    await page.evaluate(() => {
      location.hash = '#model=f1&seed=4&lr=0.01&k=5&steps=20'
    })
    await page.waitForFunction(() => document.getElementById('where')?.dataset['step'] === '0')
    await page.click('#start')
    await page.waitForFunction(
      () =>
        document.getElementById('where')?.dataset['step'] === '20' &&
        document.getElementById('verdict')?.textContent === 'yes',
    )
    expect(await textOf(page, '#notices')).toBe('')
    expect(complaints).toEqual([])
  })
})
