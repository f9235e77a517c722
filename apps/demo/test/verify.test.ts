/** "Verify this machine" in a real Chromium: core, WASM, WebGL and WebGPU. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../../scripts/chromium.mjs'
import { reportMissing } from '../../../test/devices/required.ts'
import { openSite, type Site } from './site.ts'

const executablePath = findChromium()
if (executablePath === undefined)
  reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')

describe.skipIf(executablePath === undefined)('the page', () => {
  let site: Site
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    site = await openSite(mkdtempSync(join(tmpdir(), 'laperm-page-')))
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      headless: true,
      args: [
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--enable-unsafe-webgpu',
        '--enable-features=Vulkan',
        '--use-webgpu-adapter=swiftshader',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    })
    page = await browser.newPage()
    page.setDefaultTimeout(500_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(site.url)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const verify = async (): Promise<Record<string, string>> => {
    await page.fill('#trials', '2')
    await page.click('#start')
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Done'))
    const rows = await page.$$eval('#results tr[id]', (found) =>
      found.map((row) => [row.id.replace('result-', ''), row.querySelector('strong')?.textContent ?? '']),
    )
    return Object.fromEntries(rows)
  }

  test('software devices are left alone, with the reason', async () => {
    const { core, wasm, webgl, webgpu } = await verify()
    expect([core, wasm, webgl, webgpu]).toEqual(['equals core', 'equals core', 'not here', 'not here'])
    expect(await page.textContent('#result-webgpu')).toMatch(/software|adapter/)
    expect(await page.textContent('#status')).toBe('Done: all 2 backends that run here equal the reference.')
  })

  test('every backend of this browser equals core where software devices are allowed', async () => {
    await page.reload()
    await page.check('#software')
    expect(await verify()).toEqual({
      core: 'equals core',
      wasm: 'equals core',
      webgl: 'equals core',
      webgpu: 'equals core',
    })
    await page.click('#result-webgl + tr summary')
    expect(await page.textContent('#result-webgl + tr pre')).toMatch(
      /holds {4}sync equals core \(\d+ cases\)/,
    )
    expect(complaints).toEqual([])
  })
})
