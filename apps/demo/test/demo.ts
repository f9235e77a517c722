/** The demo in a real Chromium, with what a test does on it again and again. */
import { type Browser, type BrowserContextOptions, chromium, type Page, type Worker } from 'playwright-core'
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

/** `software`: WebGL and WebGPU by SwiftShader, which would draw the whole page too, slowly, if it were let. `none`: as a machine without a GPU is. */
export type Graphics = 'none' | 'software'

const flagsOf: Readonly<Record<Graphics, readonly string[]>> = {
  none: ['--disable-gpu'],
  software: [
    ...graphicsFlags('software', 'webgl'),
    ...graphicsFlags('software', 'webgpu'),
    '--disable-gpu-compositing',
  ],
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
  /** Wait until the run has taken so many steps. */
  readonly untilStep: (least: number) => Promise<void>
  /** Accuracies as the scoreboard shows them, in per cent. */
  readonly scores: () => Promise<Readonly<Record<'laperm' | 'adam' | 'lookahead', number>>>
  /** Go to another link on the same page: what is loaded stays loaded. */
  readonly follow: (hash: string) => Promise<void>
  readonly start: () => Promise<void>
  /** Start a new run, and wait until it has paused by itself. */
  readonly train: () => Promise<void>
  /** Pause and wait until the worker has. */
  readonly pause: () => Promise<void>
  /** Wait for a text in an element; `#status` says what the run does. */
  readonly waitFor: (selector: string, pattern: RegExp) => Promise<string>
  /** The first losses of the table behind the charts, as text, row by row. */
  readonly firstLosses: () => Promise<readonly string[]>
  /** The evaluations of the table below, each as its step and the accuracies in the order of the columns. */
  readonly accuracies: () => Promise<readonly (readonly string[])[]>
  readonly close: () => Promise<void>
}

export interface Demo {
  readonly site: Site
  readonly browser: Browser
  /** @param hash the settings, as a link has them. */
  readonly open: (hash?: string, options?: BrowserContextOptions) => Promise<DemoPage>
  readonly close: () => Promise<void>
}

/** The worker that trains, as soon as there is one. */
export const trainingWorker = async ({ page }: Pick<DemoPage, 'page'>): Promise<Worker> => {
  const isTraining = (worker: Worker): boolean => worker.url().includes('training-worker')
  return page.workers().find(isTraining) ?? page.waitForEvent('worker', isTraining)
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
  const openNumbers = async (rows: string): Promise<void> => {
    if ((await page.getAttribute('#numbers', 'open')) === null) await page.click('#numbers summary')
    await page.waitForSelector(rows)
  }
  const cellsOf = (rows: string): Promise<string[][]> =>
    page.$$eval(rows, (found) => found.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))
  const score = async (name: string): Promise<number> => Number.parseFloat(await text(`#score-${name}`))
  return {
    page,
    waitFor,
    step: async () => Number(await page.getAttribute('#where', 'data-step')),
    untilStep: async (least) => {
      await page.waitForFunction(
        (wanted) => Number(document.getElementById('where')?.dataset.step) >= wanted,
        least,
      )
    },
    scores: async () => ({
      laperm: await score('laperm'),
      adam: await score('adam'),
      lookahead: await score('lookahead'),
    }),
    follow: async (hash) => {
      await page.evaluate((next) => {
        // What the page says of the run before is gone with it.
        document.getElementById('where')?.setAttribute('data-step', 'none')
        location.hash = next
      }, hash)
      await page.waitForFunction(() => document.getElementById('where')?.dataset.step === '0')
      await waitFor('#start', /^Start$/)
    },
    start: async () => {
      await page.click('#start')
      await waitFor('#start', /Pause/)
    },
    train: async () => {
      await page.click('#start')
      await waitFor('#start', /Go on/)
    },
    pause: async () => {
      await page.click('#start')
      await waitFor('#start', /Go on/)
    },
    firstLosses: async () => {
      await openNumbers('#first-losses tbody tr')
      return (await cellsOf('#first-losses tbody tr')).map((cells) => cells.join(' '))
    },
    accuracies: async () => {
      await openNumbers('#accuracies tbody tr')
      return cellsOf('#accuracies tbody tr')
    },
  }
}

/** @param served where the site is served otherwise than on a plain host. */
export const openDemo = async (graphics: Graphics = 'none', served?: Site): Promise<Demo> => {
  const site = served ?? (await serveSite(inject('siteFolder')))
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
