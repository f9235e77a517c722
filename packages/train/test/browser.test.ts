/** The entry for browsers: nothing of Node in it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

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
  expect(files.length).toBe(3)
  for (const file of files)
    expect(readFileSync(file, 'utf8'), file).not.toMatch(/from 'node:|from '@laperm\/data'/)
})
