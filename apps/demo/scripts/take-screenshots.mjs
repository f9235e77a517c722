/**
 * Photographs the page in every state that a visitor meets, on a phone and on a laptop, light and dark, in a real Chromium: to be looked at.
 *
 * `npm run screenshots -w @laperm/demo -- [--out folder] [--only name,name]`
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'
import { findChromium } from '../../../scripts/chromium.mjs'
import { ownBackend } from '../test/own-backend-module.mjs'

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(tmpdir(), 'laperm-demo-screenshots') },
    only: { type: 'string' },
  },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const executablePath = findChromium()
if (executablePath === undefined)
  throw new Error('there is no Chromium: run node scripts/chromium.mjs, or set CHROME_PATH')

const stepIs = (page, least) =>
  page.waitForFunction((wanted) => Number(document.getElementById('where').dataset.step) >= wanted, least)
const says = (page, selector, pattern) =>
  page.waitForFunction(
    ([where, source]) => new RegExp(source).test(document.querySelector(where)?.textContent ?? ''),
    [selector, pattern.source],
  )
const show = (page, selector) =>
  page.$eval(selector, (element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }))
/** Pause a run, or start one with `steps` in its hash and wait for its end. */
const stopped = async (page) => {
  await page.click('#start')
  await says(page, '#start', /Go on/)
}

/** A part of the page after a short run, and after what is done there. */
const partAfterTraining = (selector, act = async () => {}, hash = '#lr=0.005&k=10&steps=100') => ({
  hash,
  run: async (page) => {
    await stopped(page)
    await act(page)
    await show(page, selector)
    await page.waitForTimeout(300)
  },
})

/** What is done before the picture is taken; `hash` and `media` are what the page is opened with. */
const states = {
  first: {
    run: (page) => page.waitForFunction(() => document.querySelector('#grid-picture canvas')?.width > 0),
  },
  playing: { run: (page) => stepIs(page, 240) },
  still: { media: { reducedMotion: 'reduce' }, run: (page) => says(page, '#told-stays', /each weight is/) },
  movie: {
    run: async (page) => {
      await stepIs(page, 160)
      await stopped(page)
      await page.focus('#movie-time')
      for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
      await says(page, '#movie-where', /step 40/)
      await page.waitForTimeout(500)
    },
  },
  error: {
    run: async (page) => {
      await page.check('#errors')
      await stepIs(page, 160)
    },
  },
  shuffled: partAfterTraining(
    '#alter',
    async (page) => {
      await page.$eval('#shuffle', (slider) => {
        slider.value = '50'
        slider.dispatchEvent(new Event('input'))
      })
      await says(page, '#alter-said', /^With 50%/)
    },
    '#model=f1&lr=0.005&k=20&inputs=unit-minus-mean&init=sharedValue&shared=0.08&sparsity=0.4&steps=200',
  ),
  drawn: partAfterTraining('#alter', async (page) => {
    await page.focus('.drawn input')
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowUp')
    await says(page, '#alter-said', /values that you drew/)
  }),
  pictures: partAfterTraining('#charts'),
  neuron: partAfterTraining('#neuron-picture'),
  grid: {
    hash: '#lr=0.005&k=10&steps=100',
    run: async (page) => {
      await stopped(page)
      await page.waitForTimeout(500)
    },
  },
  settings: {
    hash: '#k=zero&color=blue',
    run: async (page) => {
      await says(page, '#notices', /no setting/)
      if (!(await page.$eval('#settings-panel', (panel) => panel.open)))
        await page.click('#settings-panel > summary')
      await page.fill('#setting-k', 'twenty')
      await page.press('#setting-k', 'Tab')
      await show(page, '#side')
    },
  },
  own: {
    hash: '#model=f1',
    run: async (page) => {
      await page.fill('#trials', '2')
      await page.fill('#longest', '20')
      await page.setInputFiles('#own-backend-file', {
        name: 'mine.mjs',
        mimeType: 'text/javascript',
        buffer: Buffer.from(ownBackend('b - a || i - j')),
      })
      await says(page, '#own-backend-status', /does NOT/)
      await show(page, '#own-backend')
    },
  },
  verify: {
    hash: '#model=f1',
    run: async (page) => {
      await page.fill('#trials', '1')
      await page.fill('#longest', '20')
      await page.click('#verify-start')
      await says(page, '#verify-status', /^Done/)
      await page.click('#result-wasm + tr summary')
      await show(page, '#verify')
    },
  },
  stopped: {
    hash: '#model=f1',
    run: async (page) => {
      await page.click('#start')
      await stepIs(page, 30)
      const worker = page.workers().find((each) => each.url().includes('training-worker'))
      await worker.evaluate(() => close())
      await says(page, '#notices', /has stopped/)
    },
  },
  forced: { media: { forcedColors: 'active' }, run: (page) => stepIs(page, 240) },
}
const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1440, height: 900 } }
const wanted = options.only?.split(',') ?? Object.keys(states)

mkdirSync(options.out, { recursive: true })
const made = mkdtempSync(join(tmpdir(), 'laperm-site-'))
await build({ root, logLevel: 'error', build: { outDir: made, emptyOutDir: true } })
const server = await preview({
  root,
  logLevel: 'error',
  build: { outDir: made },
  preview: { port: 0, host: '127.0.0.1' },
})
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})
try {
  const { port } = server.httpServer.address()
  for (const name of wanted)
    for (const [size, viewport] of Object.entries(sizes))
      for (const colorScheme of ['light', 'dark']) {
        const { hash = '', media = {}, run } = states[name]
        const context = await browser.newContext({ viewport, colorScheme, ...media })
        const page = await context.newPage()
        await page.goto(`http://127.0.0.1:${port}/${hash}`)
        await run(page)
        await page.screenshot({ path: join(options.out, `${name}-${size}-${colorScheme}.png`) })
        await context.close()
      }
  console.log(`${wanted.length} states in ${options.out}`)
} finally {
  await browser.close()
  await server.close()
  rmSync(made, { recursive: true })
}
