/** The entry for browsers: nothing of Node in it, and the same files as Node's. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import * as inBrowser from '../src/browser.ts'
import { decodeSafetensors, encodeSafetensors } from '../src/index.ts'

const tensors = [{ name: 'w', shape: [2, 2], values: Float32Array.of(1.5, -0, Number.MIN_VALUE, 3) }]
const metadata = { format: 'laperm-weights/1', step: '40', note: 'größer' }

test('both entries write the same bytes, and each reads what the other wrote', () => {
  const here = encodeSafetensors(tensors, metadata)
  const there = inBrowser.encodeSafetensors(tensors, metadata)
  expect(Buffer.from(there).equals(Buffer.from(here))).toBe(true)
  expect(inBrowser.decodeSafetensors('x', here)).toEqual(decodeSafetensors('x', there))
  expect(E.isRight(inBrowser.decodeSafetensors('x', here))).toBe(true)
})

test('a bit that flipped on the way is found in the browser too', () => {
  const file = inBrowser.encodeSafetensors(tensors, metadata)
  file[file.length - 1] ^= 1
  expect(inBrowser.decodeSafetensors('x', file)).toMatchObject({
    _tag: 'Left',
    left: { _tag: 'CorruptFile' },
  })
})

/** Every source file that a module loads, following relative imports of values. */
const reachable = (entry: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(entry)) return seen
  seen.add(entry)
  const source = readFileSync(entry, 'utf8').replace(/^(?:import|export) type [^\n]*$/gm, '')
  for (const [, path] of source.matchAll(/from '(\.[^']+)'/g))
    reachable(fileURLToPath(new URL(path, `file://${entry}`)), seen)
  return seen
}

test('the entry loads no module of Node, and of data only what browsers have', () => {
  const files = [...reachable(fileURLToPath(new URL('../src/browser.ts', import.meta.url)))]
  expect(files.length).toBeGreaterThan(4)
  for (const file of files)
    expect(readFileSync(file, 'utf8'), file).not.toMatch(/from 'node:|from '@laperm\/data'/)
})
