/** The demo in a real Chromium, with what a test does on it again and again. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { findChromium } from '../../../scripts/chromium.mjs'
import { graphicsFlags } from '../../../scripts/graphics-flags.mjs'
import { reportMissing } from '../../../test/devices/required.ts'
import { type Site, serveSite } from './site.ts'

export const executablePath = findChromium()
/** Tests of the page are skipped, out loud, where there is no Chromium. */
export const hasChromium = executablePath !== undefined
if (!hasChromium)
  reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')

/** `software`: WebGL and WebGPU by SwiftShader, which then draws the whole page too, slowly. `none`: as a machine without a GPU is. */
export type Graphics = 'none' | 'software'

const flagsOf: Readonly<Record<Graphics, readonly string[]>> = {
  none: ['--disable-gpu'],
  software: [...graphicsFlags('software', 'webgl'), ...graphicsFlags('software', 'webgpu')],
}

const flags = [
  '--no-first-run',
  '--disable-background-networking',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** One page of the demo. */
export interface DemoPage {
  readonly page: Page
  /** What the page wrote to its console as errors or warnings, and what it threw. */
  readonly complaints: string[]
  readonly step: () => Promise<number>
  /** Accuracies as the scoreboard shows them, in per cent. */
  readonly scores: () => Promise<Readonly<Record<'laperm' | 'adam' | 'lookahead', number>>>
  readonly start: () => Promise<void>
  /** Pause and wait until the worker has. */
  readonly pause: () => Promise<void>
  /** Wait for a text in an element; `#status` says what the run does. */
  readonly waitFor: (selector: string, pattern: RegExp) => Promise<string>
  /** The first losses of the table behind the charts, as text, row by row. */
  readonly firstLosses: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

export interface Demo {
  readonly site: Site
  readonly browser: Browser
  /** @param hash the settings, as a link has them. */
  readonly open: (hash?: string, options?: BrowserContextOptions) => Promise<DemoPage>
  readonly close: () => Promise<void>
}

const drive = (page: Page): Omit<DemoPage, 'complaints' | 'close'> => {
  const text = async (selector: string): Promise<string> => (await page.textContent(selector)) ?? ''
  const waitFor = async (selector: string, pattern: RegExp): Promise<string> => {
    await page.waitForFunction(
      ([where, source, kinds]) =>
        new RegExp(source, kinds).test(document.querySelector(where)?.textContent ?? ''),
      [selector, pattern.source, pattern.flags] as const,
    )
    return text(selector)
  }
  const score = async (name: string): Promise<number> => Number.parseFloat(await text(`#score-${name}`))
  return {
    page,
    waitFor,
    step: async () => Number(await page.getAttribute('#where', 'data-step')),
    scores: async () => ({
      laperm: await score('laperm'),
      adam: await score('adam'),
      lookahead: await score('lookahead'),
    }),
    start: async () => {
      await page.click('#start')
      await waitFor('#start', /Pause/)
    },
    pause: async () => {
      await page.click('#start')
      await waitFor('#start', /Go on/)
    },
    firstLosses: async () => {
      if ((await page.getAttribute('#numbers', 'open')) === null) await page.click('#numbers summary')
      await page.waitForSelector('#first-losses tbody tr')
      return page.$$eval('#first-losses tbody tr', (rows) =>
        rows.map((row) => [...row.children].map((cell) => cell.textContent).join(' ')),
      )
    },
  }
}

export const openDemo = async (graphics: Graphics = 'none'): Promise<Demo> => {
  const site = await serveSite(inject('siteFolder'))
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    headless: true,
    args: [...flagsOf[graphics], ...flags],
  })
  return {
    site,
    browser,
    open: async (hash = '', options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(120_000)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      await page.goto(`${site.url}${hash}`)
      return { ...drive(page), complaints, close: () => context.close() }
    },
    close: async () => {
      await browser.close()
      await site.close()
    },
  }
}
