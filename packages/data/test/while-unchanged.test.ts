/** Files that are written, replaced or removed while they are read. */
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { either as E } from 'fp-ts'
import { expect, onTestFinished, test } from 'vitest'
import { npyOf } from '../../../test/array-writers.ts'
import { renderDataError } from '../src/data-error.ts'
import { DataProblem } from '../src/data-problem.ts'
import { loadOwnDataset } from '../src/node/load-own-dataset.ts'
import { whileUnchanged } from '../src/node/while-unchanged.ts'

const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'laperm-changed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test.each<readonly [string, (path: string) => Promise<void>, string]>([
  ['grows', (path) => appendFile(path, 'xx'), '5 bytes before, 7 bytes after'],
  ['shrinks', (path) => truncate(path, 1), '5 bytes before, 1 bytes after'],
  [
    'is replaced by one of its length',
    (path) => writeFile(`${path}.new`, '54321').then(() => rename(`${path}.new`, path)),
    '5 bytes before, 5 bytes after',
  ],
  ['is removed', (path) => rm(path), '5 bytes before, gone after'],
])('a file that %s while it is read is named as such', async (_, change, sizes) => {
  const path = join(await makeFolder(), 'data')
  for (const read of [
    () => change(path),
    () => change(path).then(() => Promise.reject(new Error('its header makes no sense'))),
  ]) {
    await writeFile(path, '12345')
    const error: unknown = await whileUnchanged(path, read).catch((thrown: unknown) => thrown)
    expect(error instanceof DataProblem && renderDataError(error.problem)).toBe(
      `${path}: it changed while it was read (${sizes}). Wait until whoever writes it is done, and try again.`,
    )
  }
})

test('what a file that stays as it was is refused for is told as it is', async () => {
  const path = join(await makeFolder(), 'data')
  await writeFile(path, '12345')
  expect(await whileUnchanged(path, async () => 7)).toBe(7)
  const problem = new Error('its header makes no sense')
  await expect(whileUnchanged(path, () => Promise.reject(problem))).rejects.toBe(problem)
  await expect(whileUnchanged(`${path}x`, () => Promise.reject(problem))).rejects.toBe(problem)
})

test('a data set of which a file is still being written is refused as that', async () => {
  const folder = await makeFolder()
  const count = 4096
  const labels = npyOf('|u1', [count], new Uint8Array(count))
  const images = npyOf('|u1', [count, 64, 64], new Uint8Array(count * 4096))
  for (const split of ['train', 'test']) {
    await writeFile(join(folder, `x_${split}.npy`), images)
    await writeFile(join(folder, `y_${split}.npy`), labels)
  }
  let isLoaded = false
  const loading = loadOwnDataset(folder)().finally(() => {
    isLoaded = true
  })
  while (!isLoaded) {
    await appendFile(join(folder, 'x_train.npy'), 'x')
    await setImmediate()
  }
  const loaded = await loading
  expect(E.isLeft(loaded) && renderDataError(loaded.left)).toMatch(
    /x_train\.npy: it changed while it was read \(16,777,\d\d\d bytes before, 16,777,\d\d\d bytes after\)/,
  )
})
