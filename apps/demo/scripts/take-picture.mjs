/**
 * Takes the picture of the demo that the README shows: builds the site, trains, and photographs it in a real Chromium.
 *
 * `npm run picture -w @laperm/demo`
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'
import { findChromium } from '../../../scripts/chromium.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const path = fileURLToPath(new URL('../../../docs/pictures/demo.webp', import.meta.url))
/** Enough to see LaPerm beside the others, and few enough that synchronizations can be told apart. */
const settings = '#model=f2&seed=1&k=20&steps=300'

const executablePath = findChromium()
if (executablePath === undefined)
  throw new Error('there is no Chromium: run node scripts/chromium.mjs, or set CHROME_PATH')
await build({ root, logLevel: 'error' })
const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } })
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
  const { port } = server.httpServer.address()
  await page.goto(`http://127.0.0.1:${port}/${settings}`)
  await page.click('#start')
  await page.waitForFunction(() => document.querySelector('#start')?.textContent === 'Go on', null, {
    timeout: 300_000,
  })
  // The canvases are drawn in the frames after the last report.
  await page.waitForTimeout(500)
  const bottom = await page.$eval(
    '#neuron-picture',
    (picture) => picture.getBoundingClientRect().bottom + scrollY,
  )
  const top = await page.$eval('#train', (panel) => panel.getBoundingClientRect().top + scrollY - 16)
  const clip = { x: 16, y: top, width: 912, height: bottom + 8 - top }
  const png = await page.screenshot({ fullPage: true, clip })
  // A third of the size, and the browser that took it can write it.
  const webp = await page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), {
      width: image.naturalWidth,
      height: image.naturalHeight,
    })
    canvas.getContext('2d').drawImage(image, 0, 0)
    return canvas.toDataURL('image/webp', 0.92).split(',')[1]
  }, png.toString('base64'))
  const bytes = Buffer.from(webp, 'base64')
  writeFileSync(path, bytes)
  console.log(`${path}: ${Math.round(bytes.length / 1000)} kB`)
} finally {
  await browser.close()
  await server.close()
}
