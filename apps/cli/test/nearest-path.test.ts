/** Hints for paths of data that are not there. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nearestPath } from '../src/nearest-path.ts'
import { absenceAt } from '../src/path-absence.ts'
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

test('a path where nothing can be had is told as what it is, and never as what was meant by itself', () => {
  const home = makeDirectory()
  const at = (name: string): string => join(home, name)
  symlinkSync('nowhere', at('broken'))
  symlinkSync('loop', at('loop'))
  writeFileSync(at('file'), '')
  expect(absenceAt(home, 'data set')).toBeNull()
  expect(absenceAt(at('flowers'), 'data set')?.sentence).toBe(`There is no data set at ${at('flowers')}.`)
  expect(absenceAt(at('broken'), 'data set')).toEqual({
    sentence: `There is no data set at ${at('broken')}: that is a link to nowhere, where nothing is.`,
    isNothing: false,
  })
  expect(absenceAt(at('loop'), 'data set')?.sentence).toMatch(/\/loop cannot be reached: ELOOP/)
  expect(absenceAt(at('file/x'), 'data set')?.sentence).toMatch(/cannot be reached: ENOTDIR/)
  expect(nearestPath(at('loop'))).toBeNull()
})
