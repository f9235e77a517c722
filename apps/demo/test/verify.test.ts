/**
 * "Verify this machine" in a real Chromium: core, WASM, WebGL and WebGPU.
 *
 * The backends are proved at every length by their own packages; here the page's way to each of them is tested, with vectors short enough that
 * a program that plays a GPU compiles few shaders.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo } from './demo.ts'
import { ownBackend } from './own-backend-module.mjs'

describe.skipIf(!hasChromium)('verifying and measuring', () => {
  let demo: Demo
  let opened: DemoPage
  beforeAll(async () => {
    demo = await openDemo('software')
    opened = await demo.open('#model=f1', { viewport: { width: 390, height: 844 } })
  })
  afterAll(() => demo?.close())

  const verify = async (): Promise<Record<string, string>> => {
    const { page } = opened
    await page.fill('#trials', '1')
    await page.fill('#longest', '5')
    await page.click('#verify-start')
    await opened.waitFor('#verify-status', /^Done/)
    const rows = await page.$$eval('#results tr[id]', (found) =>
      found.map((row) => [row.id.replace('result-', ''), row.querySelector('strong')?.textContent ?? '']),
    )
    return Object.fromEntries(rows)
  }

  test('software devices are left alone, with the reason', async () => {
    expect(await verify()).toEqual({
      core: 'equals the reference',
      wasm: 'equals the reference',
      'wasm-tensors': 'equals the reference',
      webgl: 'not here',
      'webgl-tensors': 'not here',
      webgpu: 'not here',
      'webgpu-tensors': 'not here',
    })
    expect(await opened.page.textContent('#result-webgpu')).toMatch(/software|adapter/)
    expect(await opened.page.textContent('#verify-status')).toBe(
      'Done: all 3 backends that run here equal the reference.',
    )
  })

  test('every backend of this browser equals the reference where software devices are allowed', async () => {
    const { page, complaints } = opened
    await page.check('#verify-software')
    expect(await verify()).toEqual({
      core: 'equals the reference',
      wasm: 'equals the reference',
      'wasm-tensors': 'equals the reference',
      webgl: 'equals the reference',
      'webgl-tensors': 'equals the reference',
      webgpu: 'equals the reference',
      'webgpu-tensors': 'equals the reference',
    })
    await page.click('#result-webgl + tr summary')
    expect(await page.textContent('#result-webgl + tr pre')).toMatch(
      /holds {4}sync equals the reference \(\d+ cases\)/,
    )
    expect(complaints).toEqual([])
  })

  test("checks a visitor's own backend, and reports what is wrong with it", async () => {
    const { page } = opened
    const choose = (text: string): Promise<void> =>
      page.setInputFiles('#own-backend-file', {
        name: 'mine.mjs',
        mimeType: 'text/javascript',
        buffer: Buffer.from(text),
      })
    await page.fill('#trials', '2')
    await page.fill('#longest', '20')
    await choose(ownBackend('a - b || i - j'))
    await opened.waitFor('#own-backend-status', /^It equals the reference in all [\d,]+ cases/)
    // Descending is another order.
    await choose(ownBackend('b - a || i - j'))
    await opened.waitFor('#own-backend-status', /^It does NOT equal the reference/)
    expect(await page.textContent('#own-backend-report')).toMatch(/FAILED/)
    // What foreign code says to the page is read like a file.
    await choose("self.postMessage({ kind: 'checked', passed: 'yes' }); await new Promise(() => {})")
    await opened.waitFor('#own-backend-status', /a message of its own.*its passed must be true or false/)
    await choose('export const sort = 1')
    await opened.waitFor('#own-backend-status', /The module exports sort; it must export a Backend/)
    await choose('export default {')
    await opened.waitFor('#own-backend-status', /could not be checked\. SyntaxError/)
    await choose('while (true);')
    await page.click('#own-backend-stop')
    await opened.waitFor('#own-backend-status', /^Stopped\./)
    await page.fill('#own-backend-address', new URL('nowhere.js', opened.page.url()).href)
    await page.press('#own-backend-address', 'Enter')
    await opened.waitFor('#own-backend-status', /could not be checked\. TypeError/)
    // The browser itself writes down that there was no such file.
    opened.complaints.length = 0
  })

  test('measures every backend beside core', async () => {
    const { page, complaints } = opened
    await page.selectOption('#measure-model', 'f1')
    await page.fill('#rounds', '3')
    await page.check('#measure-software')
    await page.click('#measure-start')
    await opened.waitFor('#measure-status', /^Done: 7,840 weights/)
    const rows = await page.$$eval('#measured tr', (found) => found.map((row) => row.id))
    expect(rows).toEqual(['measured-core', 'measured-wasm', 'measured-webgl', 'measured-webgpu'])
    expect(await page.textContent('#measured-core')).toContain('1.00 times as fast')
    expect(await page.textContent('#measured-wasm')).toMatch(/[\d.]+ ms/)
    expect(complaints).toEqual([])
  })
})
