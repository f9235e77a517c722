/**
 * Takes the picture of the demo that the README shows: builds the site, trains, and photographs its first screen in a real Chromium.
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
/** So many steps of the run that plays by itself: the neurons look like digits. */
const steps = 400

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
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.waitForFunction(
    (least) => Number(document.getElementById('where').dataset.step) >= least,
    steps,
    {
      timeout: 300_000,
    },
  )
  // A 3, as a visitor might draw it, and what the networks say.
  const pad = await page.locator('[role="application"]').boundingBox()
  const at = (x, y) => [pad.x + x * pad.width, pad.y + y * pad.height]
  const stroke = [
    [0.34, 0.25],
    [0.5, 0.18],
    [0.64, 0.3],
    [0.5, 0.46],
    [0.66, 0.64],
    [0.5, 0.8],
    [0.33, 0.72],
  ]
  await page.mouse.move(...at(...stroke[0]))
  await page.mouse.down()
  for (const [x, y] of stroke.slice(1)) await page.mouse.move(...at(x, y), { steps: 8 })
  await page.mouse.up()
  await page.waitForFunction(() => document.querySelectorAll('#opinions tbody tr').length === 2)
  await page.waitForTimeout(800)
  const png = await page.screenshot()
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
