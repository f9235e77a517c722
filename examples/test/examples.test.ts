/**
 * Every example runs, and does what it says.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { locatePackage } from '@laperm/backend-node'
import { renderError } from '@laperm/core'
import { build } from 'vite'
import { describe, expect, test } from 'vitest'
import { watchPage } from './watch-page.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const required = (process.env['LAPERM_REQUIRE'] ?? '').split(',')

/** Run a file in plain Node; what it printed, line by line. */
const run = (file: string, ...args: readonly string[]): readonly string[] => {
  const { NODE_OPTIONS: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    env: { ...env, TF_CPP_MIN_LOG_LEVEL: '2' },
  })
  if (status !== 0) throw new Error(`${file} ended with ${status}:\n${stdout}\n${stderr}`)
  return stdout.trim().split('\n')
}
const percent = (line: string | undefined): number => Number(/([\d.]+)%/.exec(line ?? '')?.[1])

/** Whether TensorFlow's runtime is set up. It is looked for only; the examples load it. */
const tensorflow = (() => {
  const located = locatePackage('node', '@tensorflow/tfjs-node')
  if (located._tag === 'Right') return true
  const message = `The examples on TensorFlow's runtime are SKIPPED. ${renderError(located.left)}`
  if (required.includes('tensorflow')) throw new Error(message)
  console.warn(message)
  return false
})()

describe('tfjs-layers-digits.mjs', () => {
  test.each(['cpu', 'wasm', ...(tensorflow ? ['tensorflow'] : [])])(
    'learns digits on %s, ends on permutations, and is loaded as it was saved',
    (backend) => {
      const lines = run(join(root, 'examples', 'tfjs-layers-digits.mjs'), backend)
      expect(lines).toContain(`backend ${backend}`)
      expect(percent(lines.findLast((line) => line.startsWith('epoch 3')))).toBeGreaterThan(50)
      expect(lines).toContain('2 of 2 kernels are permutations of their initial weights')
      expect(lines).toContain('loaded after 90 steps, 0 since a synchronization')
    },
  )
})

test('tfjs-width.mjs learns in a wide layer what a narrow one cannot', () => {
  const [narrow, wide] = run(join(root, 'examples', 'tfjs-width.mjs'), '4,64', '1')
  expect(narrow).toMatch(/^4 units: reconnected/)
  expect(percent(wide)).toBeGreaterThan(90)
  expect(percent(narrow)).toBeLessThan(80)
})

test('tfjs-core-loop.mjs tells the spirals apart, by a permutation, and leaves no tensor behind', () => {
  const lines = run(join(root, 'examples', 'tfjs-core-loop.mjs'))
  expect(percent(lines.find((line) => line.startsWith('step 600')))).toBeGreaterThan(80)
  expect(lines).toContain('the hidden kernel is a permutation: true')
  expect(lines).toContain('0 tensors left')
})

describe.each(['tfjs', 'backend-node'])('the README of %s', (name) => {
  const directory = join(root, 'packages', name)
  const examples = [...readFileSync(join(directory, 'README.md'), 'utf8').matchAll(/```js\n(.*?)```/gs)].map(
    ([, code]) => code,
  )

  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(0)
  })

  test.for(examples.map((code, index) => [index + 1, code] as const))(
    'example %i runs and prints what it says',
    ([index, code], { skip }) => {
      if (code.includes('makeNodeBackend')) skip(!tensorflow, 'TensorFlow is not set up')
      const folder = join(root, 'examples', '.cache')
      const file = join(folder, `readme-${name}-${index}.mjs`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, code)
      try {
        const promised = [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line)
        expect(promised.length).toBeGreaterThan(0)
        expect(run(file).filter((line) => promised.includes(line))).toEqual(promised)
      } finally {
        rmSync(file)
      }
    },
  )
})

describe('pages', () => {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  )
  if (chromium === undefined) {
    const message = 'The examples of pages are SKIPPED: there is no Chromium in /usr/bin.'
    if (required.includes('browser')) throw new Error(message)
    console.warn(message)
  }

  test.skipIf(chromium === undefined)(
    'browser/ is bundled, and trains in a real browser until its last epoch ends on a synchronization',
    async () => {
      const outDir = join(root, 'examples', '.cache', 'browser')
      await build({
        root: join(root, 'examples', 'browser'),
        logLevel: 'error',
        configFile: false,
        base: './',
        build: { outDir, emptyOutDir: true, target: 'esnext', minify: false },
      })
      const texts = await watchPage(chromium as string, outDir, '/', '#status', (text) =>
        text.startsWith('epoch 4'),
      )
      expect(texts).toHaveLength(4)
      for (const text of texts) expect(text).toContain('steps since the last synchronization: 0')
      expect(percent(texts.at(-1))).toBeGreaterThan(50)
    },
    120_000,
  )

  test.skipIf(chromium === undefined)(
    'import-map/ trains without a bundler, and proves by core and by WebAssembly what the optimizer says',
    async () => {
      const texts = await watchPage(chromium as string, root, '/examples/import-map/', '#status', (text) =>
        text.includes('learned'),
      )
      expect(texts.at(-1)).toMatch(/the hidden kernel is a permutation of its initial weights$/)
      expect(percent(texts.at(-1))).toBeGreaterThan(75)
    },
    120_000,
  )
})
