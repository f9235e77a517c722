/** A real Chromium with one page that has the gallery's module and style sheet: real mouse, real keys, no network. */
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium } from '../../../../scripts/chromium.mjs'
import { bundle } from '../../../../test/devices/bundle.ts'
import { reportMissing } from '../../../../test/devices/required.ts'

export const executablePath = findChromium()
if (executablePath === undefined)
  reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')

const origin = 'http://localhost'

export interface Stage {
  readonly page: Page
  /** Errors and warnings of the console, and what was thrown. */
  readonly complaints: readonly string[]
  /** Empty the page again, at its first size, light. */
  readonly fresh: () => Promise<void>
  /** Wait until what was updated is drawn. */
  readonly drawn: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Open a stage 800 pixels wide; one CSS pixel is one device pixel. */
export const openStage = async (): Promise<Stage> => {
  const code = await bundle(fileURLToPath(new URL('stage.ts', import.meta.url)))
  const browser: Browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    headless: true,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const page = await browser.newPage({ hasTouch: true })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // The tests read pixels back again and again; the pictures never do.
    if (message.text().startsWith('Canvas2D: Multiple readback operations')) return
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url === `${origin}/`)
      return route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><html lang="en"><title>Stage</title><link rel="icon" href="data:,"><body style="margin:0"><main></main><script type="module" src="/stage.js"></script></body></html>',
      })
    if (url === `${origin}/stage.js`) return route.fulfill({ contentType: 'text/javascript', body: code })
    return route.abort()
  })
  const fresh = async (): Promise<void> => {
    await page.setViewportSize({ width: 800, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(`${origin}/`, { waitUntil: 'load' })
  }
  await fresh()
  return {
    page,
    complaints,
    fresh,
    drawn: () =>
      page.evaluate(
        () =>
          new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
      ),
    close: () => browser.close(),
  }
}
