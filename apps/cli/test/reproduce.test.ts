import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { findChromium } from '../../../scripts/chromium.mjs'
import { reportMissing } from '../../../test/devices/required.ts'
import { laperm, makeDirectory } from './laperm-process.ts'

// Several processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

const identitiesOf = (directory: string, figure: string): readonly string[] =>
  JSON.parse(readFileSync(join(directory, `figure-${figure}-smoke.json`), 'utf8')).runs.map(
    ({ identity }: { readonly identity: string }) => identity,
  )

test('every figure can be reproduced at smoke, and its report opens in a browser without network', async () => {
  const directory = makeDirectory()
  const words = ['reproduce', 'all', '--scale', 'smoke', '--out', 'smoke', '--offline']
  const reproduced = await laperm(words, directory)
  expect(reproduced.stderr).toMatch(/to be trained \(\d+ steps\): about .* here on/)
  expect(reproduced.code).toBe(0)
  const again = await laperm(words, directory)
  expect(again.stderr).toContain('all of them there already')
  const reported = await laperm(['report', 'smoke'], directory)
  expect(reported).toMatchObject({ code: 0, stderr: '' })
  const page = join(directory, 'smoke', 'report.html')
  const executablePath = findChromium()
  if (executablePath === undefined) {
    reportMissing('chromium', 'none was found')
    return
  }
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ colorScheme, offline: true })
      const opened = await context.newPage()
      const complaints: string[] = []
      const asked: string[] = []
      opened.on('pageerror', (error) => complaints.push(error.message))
      opened.on('console', (message) => complaints.push(message.text()))
      opened.on('request', (request) => asked.push(request.url()))
      await opened.goto(pathToFileURL(page).href)
      expect(complaints).toEqual([])
      expect(asked).toEqual([pathToFileURL(page).href])
      expect(await opened.locator('section h2').count()).toBeGreaterThan(3)
      expect(await opened.locator('figure svg').count()).toBeGreaterThan(8)
      const wide = await opened.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(wide).toBeLessThanOrEqual(0)
      const paper = await opened.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(paper).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(18, 21, 29)')
    }
  } finally {
    await browser.close()
  }
})

test('what is there is not trained again, and runs of another configuration are never mixed in silently', async () => {
  const directory = makeDirectory()
  const words = ['reproduce', 'fig10', '--scale', 'smoke', '--out', 'out', '--offline']
  await laperm(words, directory)
  const out = join(directory, 'out')
  const before = identitiesOf(out, 'fig10')
  const runs = readdirSync(out).filter((name) => name.startsWith('f1-') || name.startsWith('f2-'))
  // As an earlier version would have left it: one of its runs is another.
  const path = join(out, 'figure-fig10-smoke.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace(before[0] ?? '', 'f'.repeat(64)))
  const again = await laperm(words, directory)
  expect(again.stderr).toContain('fig10 at smoke had 1 run of another configuration or version')
  expect(identitiesOf(out, 'fig10')).toEqual(before)
  expect(readdirSync(out).filter((name) => name.startsWith('f1-') || name.startsWith('f2-'))).toEqual(runs)
  // A run that no figure names is said in the report.
  await laperm(['train', 'f1', '--epochs', '1', '--limit', '200', '--out', 'out/mine', '--quiet'], directory)
  const reported = await laperm(['report', 'out'], directory)
  expect(reported.stderr).toContain('1 run of this directory belongs to no figure')
})

test('an unknown figure names the known ones, and a missing data set says which file where', async () => {
  const directory = makeDirectory()
  const unknown = await laperm(['reproduce', 'fig55'], directory)
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toMatch(/no figure called 'fig55'\. Did you mean 'fig5'\? Known: .*fig10, .*, all\./)
  const missing = await laperm(['reproduce', 'fig10', '--scale', 'small', '--offline'], directory)
  expect(missing.code).toBe(2)
  expect(missing.stderr).toMatch(/-ubyte\.gz was not found \(looked for/)
  expect(missing.stderr).toContain(directory)
  const nothing = await laperm(['report', directory], directory)
  expect(nothing.stderr).toContain("holds no figure's runs")
})
