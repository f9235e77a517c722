/**
 * Open a built page in a real browser and follow what one of its elements says, in real time.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { makeTemporaryFolder } from '../../test/temporary-folder.ts'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/** What the page gets beside its own scripts: every text of the element is posted to the server. */
const reporter = (selector: string): string => `<script>
  const watched = document.querySelector(${JSON.stringify(selector)})
  new MutationObserver(() => fetch('/report', { method: 'POST', body: watched.textContent }))
    .observe(watched, { childList: true, characterData: true, subtree: true })
  addEventListener('error', (event) => fetch('/report', { method: 'POST', body: 'error: ' + event.message }))
  addEventListener('unhandledrejection', (event) => fetch('/report', { method: 'POST', body: 'error: ' + event.reason }))
</script></body>`

/**
 * @param browser path of a Chromium.
 * @param directory what is served.
 * @param page the address of the page below it.
 * @param selector CSS selector of the element to follow.
 * @param isLast whether a text is the one to wait for.
 * @returns the texts in order, the last one included; rejects after a minute and where the page reports an error.
 */
export const watchPage = async (
  browser: string,
  directory: string,
  page: string,
  selector: string,
  isLast: (text: string) => boolean,
): Promise<readonly string[]> => {
  const profile = makeTemporaryFolder('laperm-chromium-')
  const texts: string[] = []
  let finish: (error?: Error) => void = () => undefined
  const finished = new Promise<void>((resolve, reject) => {
    finish = (error) => (error === undefined ? resolve() : reject(error))
  })
  const server = createServer((request, response) => {
    if (request.url === '/report') {
      let text = ''
      request.on('data', (chunk) => {
        text += String(chunk)
      })
      request.on('end', () => {
        response.end()
        texts.push(text)
        if (text.startsWith('error:')) finish(new Error(text))
        if (isLast(text)) finish()
      })
      return
    }
    const path = normalize(request.url?.replace(/\/$/, '/index.html') ?? '')
    try {
      const body = readFileSync(join(directory, path))
      response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
      response.end(path.endsWith('.html') ? String(body).replace('</body>', reporter(selector)) : body)
    } catch {
      response.statusCode = 404
      response.end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${page}`
  const opened = spawn(
    browser,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      url,
    ],
    { stdio: 'ignore' },
  )
  const closed = new Promise((resolve) => opened.on('close', resolve))
  const timer = setTimeout(() => finish(new Error(`after a minute the page said: ${texts.at(-1)}`)), 60_000)
  try {
    await finished
    return texts
  } finally {
    clearTimeout(timer)
    // Not SIGKILL: Chromium would leave its own processes behind, still writing their profile.
    opened.kill('SIGTERM')
    await closed
    server.closeAllConnections()
    server.close()
  }
}
