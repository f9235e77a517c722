/** A page of what is installed, made by bundlers and opened in Chromium: with one thread, and with two. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { ensureChromium } from '../chromium.mjs'
import { bundlers } from './bundlers.mjs'
import { openPage, serveFolder } from './open-page.mjs'

const page = fileURLToPath(new URL('page/', import.meta.url))

/** What npm has to install for some bundlers. */
export const bundlerPackages = (names) => [...new Set(names.flatMap((name) => bundlers[name].packages))]

const makeSite = async (target, name) => {
  const { wasmPaths, bundle, serve } = bundlers[name]
  const folder = join(target, `page-${name.replace(/\W+/g, '-')}`)
  mkdirSync(folder)
  cpSync(page, folder, { recursive: true })
  writeFileSync(join(folder, 'wasm-paths.js'), wasmPaths)
  if (bundle === undefined) return serve(folder)
  const site = join(folder, 'dist')
  mkdirSync(site)
  // Bundlers that start from the page write another one over it.
  cpSync(join(page, 'index.html'), join(site, 'index.html'))
  await bundle(folder, site)
  return serveFolder(site)
}

/**
 * Try bundlers one after another.
 *
 * @param {string} target where everything is installed.
 * @param {readonly string[]} names
 * @returns {Promise<string[]>} what was seen, a line each
 * @throws Error of all bundlers that did not get through.
 */
export const tryBundlers = async (target, names) => {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: ['--no-sandbox', '--no-first-run'],
  })
  const lines = []
  const failures = []
  try {
    for (const name of names)
      try {
        const { address, close } = await makeSite(target, name)
        try {
          const titles = [await openPage(browser, address, 1), await openPage(browser, address, 2)]
          if (!/, 2 threads/.test(titles[1])) throw new Error(`two threads were asked for: ${titles[1]}`)
          lines.push(`${name}: the page trains with one thread and with two`)
        } finally {
          await close()
        }
      } catch (error) {
        failures.push(`${name}: ${error.message}`)
      }
  } finally {
    await browser.close()
  }
  if (failures.length > 0) throw new Error([...lines, ...failures].join('\n'))
  return lines
}
