/**
 * Where a published file comes from: the user's data directory, else the cache, else a download into the cache.
 */
import { access, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DataProblem } from '../data-problem.ts'
import { type DownloadProgress, downloadFile } from '../download.ts'
import type { PublishedBytes } from '../published-files.ts'
import { fingerprintOfFile, isPublished } from './verify-bytes.ts'

/** Where to look and what is allowed; see the options of `loadDataset`. */
export interface DataPlaces {
  readonly dataset: string
  readonly dataDir: string | undefined
  readonly cacheDir: string
  readonly acceptChecksum: boolean
  readonly offline: boolean
  readonly mirrors: readonly string[]
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined
  readonly signal: AbortSignal | undefined
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Every path where the data directory may hold a file of one of these names: in the folder named after the data set, then directly. */
const candidatesInDataDir = (places: DataPlaces, names: readonly string[]): readonly string[] => {
  const { dataDir, dataset } = places
  if (dataDir === undefined) return []
  return [join(dataDir, dataset), dataDir].flatMap((folder) => names.map((name) => join(folder, name)))
}

/** The first of the names that is in the data directory. */
export const findInDataDir = async (
  places: DataPlaces,
  names: readonly string[],
): Promise<string | undefined> => {
  for (const path of candidatesInDataDir(places, names)) if (await exists(path)) return path
  return undefined
}

const withSlash = (mirror: string): string => (mirror.endsWith('/') ? mirror : `${mirror}/`)

/**
 * A verified copy of a published file in the cache, downloaded when it is not there.
 *
 * A cached file whose checksum is wrong is thrown away and fetched again: the cache is ours, and nothing wrong stays in it.
 *
 * @param names what a data directory may call it, for the error's list of places.
 * @returns its path.
 * @throws DataProblem with `DataFileMissing` when it is not there and may not be downloaded; else as `downloadFile`.
 */
export const ensureCached = async (
  places: DataPlaces,
  file: string,
  published: PublishedBytes,
  names: readonly string[],
): Promise<string> => {
  const { dataset, cacheDir, offline, mirrors, onProgress, signal } = places
  const path = join(cacheDir, dataset, basename(file))
  if (await exists(path)) {
    if (isPublished(await fingerprintOfFile(path, published.algorithm, signal), published)) return path
    await rm(path, { force: true })
  }
  if (offline)
    throw new DataProblem({
      _tag: 'DataFileMissing',
      dataset,
      file,
      searched: [...candidatesInDataDir(places, names), path],
    })
  await downloadFile({
    urls: mirrors.map((mirror) => `${withSlash(mirror)}${file}`),
    target: path,
    published,
    onProgress,
    signal,
  })
  return path
}
