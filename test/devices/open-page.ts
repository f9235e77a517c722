/**
 * A real Chromium, headless, with one page that runs a test's module: no network, and software rendering unless `LAPERM_GPU=hardware`.
 */
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../scripts/chromium.mjs'
import { graphicsFlags } from '../../scripts/graphics-flags.mjs'
import { bundle } from './bundle.ts'
import { isHardwareWanted } from './hardware.ts'

/** A browser with one page. */
export interface OpenPage {
  /** Call one of the functions that the module put on `globalThis.laperm`; argument and result travel as JSON does. */
  readonly call: (name: string, argument?: unknown) => Promise<unknown>
  /** Load the module again in a page that knows nothing of what happened before. */
  readonly fresh: () => Promise<void>
  /** What the page wrote to its console as errors or warnings, and what it threw outside of calls. */
  readonly complaints: readonly string[]
  /** Version of the browser. */
  readonly version: string
  readonly close: () => Promise<void>
}

const origin = 'http://localhost'

/** Answer the page's own two addresses, refuse all others: a test reaches no network. */
const serve = async (page: Page, code: string): Promise<void> => {
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url === `${origin}/`)
      return route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>LaPerm</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
      })
    if (url === `${origin}/page.js`) return route.fulfill({ contentType: 'text/javascript', body: code })
    return route.abort()
  })
}

/** localhost is a secure context, which WebGPU demands; the route answers before any socket is opened. */
const visit = async (page: Page): Promise<void> => {
  await page.goto(`${origin}/`, { waitUntil: 'load' })
}

/**
 * Bundle a module and open it in a new Chromium.
 *
 * @param entry absolute path of a module that sets `globalThis.laperm` to an object of functions.
 * @param api which kind of graphics to switch on.
 * @returns undefined where no Chromium was found.
 */
export const openPage = async (entry: string, api: 'webgl' | 'webgpu'): Promise<OpenPage | undefined> => {
  const executablePath = findChromium()
  if (executablePath === undefined) return undefined
  const code = await bundle(entry)
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: [
      ...graphicsFlags(isHardwareWanted() ? 'hardware' : 'software', api),
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    await serve(page, code)
    await visit(page)
    const call = (name: string, argument?: unknown): Promise<unknown> =>
      page.evaluate(
        ([name, argument]) => {
          const { laperm } = globalThis as unknown as {
            laperm: Record<string, (argument: unknown) => unknown>
          }
          return laperm[name as string](argument)
        },
        [name, argument],
      )
    return {
      call,
      fresh: () => visit(page),
      complaints,
      version: browser.version(),
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}
