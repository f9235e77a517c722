/** A built page in Chromium, cross-origin isolated, so that it may have threads. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

/** What a server has to say so that a page may share memory with its threads. */
export const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/**
 * Serve a folder.
 *
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export const serveFolder = async (folder) => {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    try {
      const path = join(folder, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname))
      const body = readFileSync(path)
      response.writeHead(200, {
        ...isolation,
        'content-type': types[extname(path)] ?? 'application/octet-stream',
      })
      response.end(body)
    } catch {
      response.writeHead(404, isolation).end()
    }
  })
  await new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { address: `http://127.0.0.1:${server.address().port}/`, close }
}

/**
 * Open the page with a number of threads, and wait until its title says what came of it.
 *
 * @param {import('playwright-core').Browser} browser
 * @returns {Promise<string>} the title
 * @throws Error with what the page threw, or its title, where it did not get done.
 */
export const openPage = async (browser, address, threads) => {
  const page = await browser.newPage()
  // tfjs takes at most half of the processors.
  await page.addInitScript("Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 })")
  const errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('requestfailed', (request) => errors.push(`${request.url()} could not be loaded`))
  try {
    await page.goto(`${address}?threads=${threads}`)
    if (!(await page.evaluate('crossOriginIsolated'))) throw new Error('the page is not isolated')
    await page.waitForFunction('/^(done|failed): /.test(document.title)', undefined, { timeout: 60_000 })
    const title = await page.title()
    if (!title.startsWith('done: ')) throw new Error(title)
    return title
  } catch (error) {
    throw new Error([error.message, ...errors].join('; '))
  } finally {
    await page.close()
  }
}
