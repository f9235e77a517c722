/**
 * "Verify this machine" in a real Chromium: core, WASM, WebGL and WebGPU.
 *
 * The backends are proved at every length by their own packages; here the page's way to each of them is tested, with vectors short enough that
 * a program that plays a GPU compiles few shaders.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo } from './demo.ts'

describe.skipIf(!hasChromium)('verifying and measuring', () => {
  let demo: Demo
  let opened: DemoPage
  beforeAll(async () => {
    demo = await openDemo('software')
    opened = await demo.open('#seed=1')
  })
  afterAll(() => demo?.close())

  const verify = async (): Promise<Record<string, string>> => {
    const { page } = opened
    await page.fill('#trials', '1')
    await page.fill('#longest', '40')
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
  test('measures every backend beside core', async () => {
    const { page, complaints } = opened
    await page.selectOption('#measure-model', 'mlp')
    await page.fill('#rounds', '3')
    await page.check('#measure-software')
    await page.click('#measure-start')
    await opened.waitFor('#measure-status', /^Done: 89,400 weights/)
    const rows = await page.$$eval('#measured tr', (found) => found.map((row) => row.id))
    expect(rows).toEqual(['measured-core', 'measured-wasm', 'measured-webgl', 'measured-webgpu'])
    expect(await page.textContent('#measured-core')).toContain('1.00 times as fast')
    expect(await page.textContent('#measured-wasm')).toMatch(/[\d.]+ ms/)
    expect(complaints).toEqual([])
  })
})
