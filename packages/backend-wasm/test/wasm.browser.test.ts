import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../../scripts/chromium.mjs'
import { reportMissing } from '../../../test/devices/required.ts'
import { officialJson } from '../../../test/official-golden.ts'

/** Bundle the page as an application would, without a setting of its own: nothing else. */
const bundleApplication = async (): Promise<ReadonlyMap<string, string>> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('browser-page.ts', import.meta.url)),
        output: { entryFileNames: 'page.js' },
      },
    },
  })
  if (!('output' in built)) throw new Error('the page was not built in one go')
  return new Map(
    built.output.map((file) => [
      `/${file.fileName}`,
      file.type === 'chunk' ? file.code : Buffer.from(file.source).toString('utf8'),
    ]),
  )
}

const origin = 'http://localhost'
const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'

const executablePath = findChromium()
if (executablePath === undefined)
  reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')

describe.skipIf(executablePath === undefined)('in Chromium, bundled by vite', async () => {
  if (executablePath === undefined) return
  const files = await bundleApplication()
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  afterAll(() => browser.close())

  const open = async (): Promise<Page> => {
    const page = await browser.newPage()
    await page.route('**/*', (route) => {
      const path = route.request().url().slice(origin.length)
      if (path === '/') return route.fulfill({ contentType: 'text/html', body: html })
      const code = files.get(path)
      return code === undefined
        ? route.abort()
        : route.fulfill({ contentType: 'text/javascript', body: code })
    })
    await page.goto(`${origin}/`, { waitUntil: 'load' })
    return page
  }
  const call = (page: Page, name: string, argument?: unknown): Promise<unknown> =>
    page.evaluate(
      ([name, argument]) => {
        const { laperm } = globalThis as unknown as { laperm: Record<string, (argument: unknown) => unknown> }
        return laperm[name as string](argument)
      },
      [name, argument],
    )

  test('every law of conformance holds, the 26 golden cases among them', async () => {
    const page = await open()
    const outcome = await call(page, 'laws', officialJson())
    expect(outcome).toMatchObject({ passed: true, text: expect.stringContaining('golden cases (26 cases)') })
  })
})
