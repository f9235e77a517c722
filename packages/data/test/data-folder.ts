/** A data directory and a cache with small files in the published formats; each test of the importing file gets new ones. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { either as E } from 'fp-ts'
import { afterEach, beforeEach } from 'vitest'
import { type DataError, renderDataError } from '../src/data-error.ts'
import type { Dataset } from '../src/dataset.ts'
import type { DatasetName } from '../src/datasets/datasets.ts'
import { type LoadDatasetOptions, loadDataset } from '../src/node/load-dataset.ts'

const big = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
export const idxImages = (count: number, pixel: number): Uint8Array =>
  Uint8Array.from([
    ...big(0x803),
    ...big(count),
    ...big(28),
    ...big(28),
    ...Array<number>(count * 784).fill(pixel),
  ])
export const idxLabels = (...labels: number[]): Uint8Array =>
  Uint8Array.from([...big(0x801), ...big(labels.length), ...labels])
export const cifarBatch = (...labels: number[]): Uint8Array =>
  Uint8Array.from(labels.flatMap((label) => [label, ...Array<number>(3072).fill(10 * label)]))

export let folder: string
export let cacheDir: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laperm-data-'))
  cacheDir = join(folder, 'cache')
  await mkdir(join(folder, 'data'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

export const load = (name: DatasetName, options: Partial<LoadDatasetOptions> = {}) =>
  loadDataset(name, { cacheDir, dataDir: join(folder, 'data'), offline: true, ...options })()
export const loaded = async (
  name: DatasetName,
  options: Partial<LoadDatasetOptions> = {},
): Promise<Dataset> => {
  const result = await load(name, options)
  if (E.isLeft(result)) throw new Error(renderDataError(result.left))
  return result.right
}
export const failed = async (
  name: DatasetName,
  options: Partial<LoadDatasetOptions> = {},
): Promise<DataError> => {
  const result = await load(name, options)
  if (E.isRight(result)) throw new Error('it was loaded')
  return result.left
}
export const put = async (path: string, bytes: Uint8Array): Promise<void> => {
  const full = join(folder, 'data', path)
  await mkdir(join(full, '..'), { recursive: true })
  await writeFile(full, bytes)
}
export const putSmallMnist = async (at: string): Promise<void> => {
  await put(`${at}/train-images-idx3-ubyte.gz`, gzipSync(idxImages(3, 7)))
  await put(`${at}/train-labels-idx1-ubyte.gz`, gzipSync(idxLabels(1, 2, 9)))
  await put(`${at}/t10k-images-idx3-ubyte`, idxImages(2, 8))
  await put(`${at}/t10k-labels.idx1-ubyte`, idxLabels(0, 5))
}
