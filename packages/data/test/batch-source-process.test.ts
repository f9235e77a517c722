import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const moduleAt = (file: string): string => JSON.stringify(pathToFileURL(join(dist, file)).href)

/** A program that trains on augmented batches, which a worker fills. */
const program = (body: string): string => `
const { makeDigits, makeNormalizer } = await import(${moduleAt('index.js')})
const { makeBatchSource } = await import(${moduleAt('node.js')})
const { train, inputShape } = makeDigits(1, { train: 100, test: 1 })
const source = makeBatchSource({
  examples: train, inputShape, normalization: makeNormalizer('unit', train, inputShape).statistics,
  augmentation: { rotationDegrees: 10, shiftFraction: 0, zoom: 0, horizontalFlip: false },
  batchSize: 20, seed: 1, firstEpoch: 0, firstBatch: 0, endEpoch: 3,
})
${body}`

/** No `NODE_OPTIONS`: the runner's own would reach the program. */
const { NODE_OPTIONS: _, ...env } = process.env
const run = (...flags: string[]) =>
  spawnSync(process.execPath, flags, { encoding: 'utf8', timeout: 30_000, env })

describe("a batch source's worker", () => {
  it.each([
    ['--input-type=module'],
    ['--title=x', '--input-type=module'],
    ['--max-old-space-size=400', '--input-type=module'],
  ])('does not inherit the flags of the process: %s %s', (...flags) => {
    const { status, stdout, stderr } = run(
      ...flags,
      '-e',
      program('console.log((await source.next()).size); await source.dispose()'),
    )
    expect([status, stdout, stderr]).toEqual([0, '20\n', ''])
  })

  it.each([
    ['before a batch was asked for', ''],
    ['after a batch', 'console.log((await source.next()).size)'],
    ['after the last batch', 'let n = 0; while ((await source.next()) !== undefined) n++; console.log(n)'],
  ])('does not keep a process alive that forgets it %s', (_when, body) => {
    const file = join(dist, `forgotten-source-${process.pid}.mjs`)
    writeFileSync(file, program(body))
    try {
      const { status, signal, stderr } = run(file)
      expect([status, signal, stderr]).toEqual([0, null, ''])
    } finally {
      rmSync(file)
    }
  })
})
