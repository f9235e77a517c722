/** Hints for paths of data that are not there. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nearestPath } from '../src/nearest-path.ts'
import { makeDirectory } from './laperm-process.ts'

test('the nearest folder or .npz file is meant: beside the path, or beside the first folder above it that is missing', () => {
  const home = makeDirectory()
  mkdirSync(join(home, 'data', 'flowers'), { recursive: true })
  mkdirSync(join(home, '.flowes'))
  writeFileSync(join(home, 'data', 'flowes'), 'a file without the ending')
  writeFileSync(join(home, 'data', 'leaves.npz'), '')
  symlinkSync(join(home, 'data'), join(home, 'linked'))
  expect(nearestPath(join(home, 'data', 'flowes2'))).toBe(join(home, 'data', 'flowers'))
  expect(nearestPath(join(home, 'data', 'leafs.npz'))).toBe(join(home, 'data', 'leaves.npz'))
  expect(nearestPath(join(home, 'dtaa', 'flowers'))).toBe(join(home, 'data'))
  expect(nearestPath(join(home, 'linkd'))).toBe(join(home, 'linked'))
  expect(nearestPath(join(home, 'data', 'nothing-like-it-at-all'))).toBeNull()
  expect(nearestPath(join(home, 'data', 'leaves.npz', 'x'))).toBeNull()
})
