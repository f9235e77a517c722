/**
 * Measures the page in a real Chromium: when its first picture moves, tasks over 50 ms on its thread while it trains, and steps a second of
 * F2 and the MLP on WebAssembly, in turns with another build of the page where one is given.
 *
 * `npm run measure -w @laperm/demo -- [--before folder] [--rounds 3]`
 *
 * A folder is what `vite build --outDir folder` of another commit made.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'
import { findChromium } from '../../../scripts/chromium.mjs'

const { values: options } = parseArgs({
  options: {
    before: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    /** Cross-origin isolated, where threads are possible. */
    isolated: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
const root = fileURLToPath(new URL('..', import.meta.url))
const executablePath = findChromium()
if (executablePath === undefined)
  throw new Error('there is no Chromium: run node scripts/chromium.mjs, or set CHROME_PATH')

const made = mkdtempSync(join(tmpdir(), 'laperm-site-'))
await build({ root, logLevel: 'error', build: { outDir: made, emptyOutDir: true } })
const headers = options.isolated
  ? { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
  : {}
const serve = async (outDir) => {
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1', headers },
  })
  return { server, url: `http://127.0.0.1:${server.httpServer.address().port}/` }
}
const now = await serve(made)
const before = options.before === undefined ? undefined : await serve(options.before)
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const spread = (values, digits) =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`

/** Do something on a page of a browser profile of its own. */
const onPage = async (url, use, prepare = async () => {}) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(120_000)
    await prepare(page)
    await page.goto(url)
    return await use(page)
  } finally {
    await context.close()
  }
}
const stepIs = (page, least) =>
  page.waitForFunction((wanted) => Number(document.getElementById('where').dataset.step) >= wanted, least)

/** Milliseconds from the load event until the picture of the neurons is another than theta_0's. */
const firstMove = () =>
  onPage(
    now.url,
    async (page) => {
      await page.waitForFunction(() => globalThis.movedAt !== undefined)
      return page.evaluate(
        () => globalThis.movedAt - performance.getEntriesByType('navigation')[0].loadEventEnd,
      )
    },
    (page) =>
      page.addInitScript(() => {
        const small = new OffscreenCanvas(64, 32).getContext('2d', { willReadFrequently: true })
        let first
        const look = () => {
          const canvas = document.querySelector('#grid-picture canvas')
          // Once there are weights they are named; before that the picture has frames alone.
          const isShown = /each weight is/.test(document.getElementById('told-stays')?.textContent ?? '')
          if (isShown && canvas?.width > 0) {
            small.clearRect(0, 0, 64, 32)
            small.drawImage(canvas, 0, 0, 64, 32)
            const pixels = small.getImageData(0, 0, 64, 32).data
            const seen = pixels.join()
            first ??= seen
            if (seen !== first) {
              globalThis.movedAt = performance.now()
              return
            }
          }
          requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
  )

const longTasks = () =>
  onPage(`${now.url}#k=5&steps=100000`, async (page) => {
    await page.click('#start')
    await stepIs(page, 20)
    return page.evaluate(async () => {
      const long = []
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) long.push(Math.round(duration))
      })
      observer.observe({ type: 'longtask' })
      await new Promise((resolve) => setTimeout(resolve, 8000))
      observer.disconnect()
      return long
    })
  })

const system = await browser.newBrowserCDPSession()
/** Seconds that workers have run on the processor, as Linux counts them; NaN elsewhere. */
const workerSeconds = async () => {
  if (process.platform !== 'linux') return Number.NaN
  const { processInfo } = await system.send('SystemInfo.getProcessInfo')
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => `/proc/${id}/task`)
  const threads = pages.flatMap((folder) => readdirSync(folder).map((id) => `${folder}/${id}/stat`))
  return threads
    .map((file) => /\(DedicatedWorker.*\) (.*)/.exec(readFileSync(file, 'utf8'))?.[1]?.split(' '))
    .filter((fields) => fields !== undefined)
    .reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) / 100, 0)
}

/** Steps between the 40th step and three seconds later, a second that passed and a second that the worker ran, which other programs change less. */
const speed = (url, settings) =>
  onPage(`${url}#${settings}&k=20&batch=50&lr=0.001&seed=1&backend=wasm&steps=100000`, async (page) => {
    const look = () =>
      page.evaluate(() => [Number(document.getElementById('where').dataset.step), performance.now() / 1000])
    await page.click('#start')
    await stepIs(page, 40)
    const [[step, at], taken] = [await look(), await workerSeconds()]
    await page.waitForTimeout(3000)
    const [[laterStep, laterAt], laterTaken] = [await look(), await workerSeconds()]
    const steps = laterStep - step
    return { elapsed: steps / (laterAt - at), processor: steps / (laterTaken - taken) }
  })

try {
  console.log(
    `${browser.version()}, ${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, ${rounds} rounds${options.isolated ? ', cross-origin isolated' : ''}`,
  )
  const moved = []
  for (let i = 0; i < rounds; i++) moved.push(await firstMove())
  console.log(`first picture that moves: ${spread(moved, 0)} ms after load`)
  for (let i = 0; i < rounds; i++) {
    const long = await longTasks()
    console.log(
      `tasks over 50 ms in 8 s of training: ${long.length}${long.length === 0 ? '' : ` (${long.join(', ')} ms)`}`,
    )
  }
  const contenders = [
    ['now', now.url, ''],
    ['now, with Lookahead', now.url, '&lookahead=1'],
    ...(before === undefined ? [] : [['before', before.url, '']]),
  ]
  for (const model of ['f2', 'mlp']) {
    const seen = contenders.map(() => [])
    for (let i = 0; i < rounds; i++)
      for (const [place, [, url, more]] of contenders.entries())
        seen[place].push(await speed(url, `model=${model}${more}`))
    for (const [place, [name]] of contenders.entries())
      for (const [by, title] of [
        ['elapsed', 'second'],
        ['processor', 'second of the worker'],
      ]) {
        const values = seen[place].map((value) => value[by])
        const ratios = values.map((value, i) => value / seen.at(-1)[i][by])
        const beside =
          name === 'before' || before === undefined ? '' : `, ${spread(ratios, 2)} times before's`
        console.log(`${model}, ${name}: ${spread(values, 1)} steps a ${title}${beside}`)
      }
  }
} finally {
  await browser.close()
  await now.server.close()
  await before?.server.close()
  rmSync(made, { recursive: true })
}
