/**
 * Where a published file comes from: the user's data directory, else the cache, else a download into the cache.
 */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DataProblem } from '../data-problem.ts'
import type { PublishedBytes } from '../datasets/dataset-descriptor.ts'
import { type DownloadProgress, downloadFile } from '../download.ts'
import { refuseDataset } from '../make-dataset.ts'
import { isClosed, kindOfPath } from './file-kind.ts'
import { makeDirectories } from './make-directories.ts'
import { systemRefusal } from './system-refusal.ts'
import { fingerprintOfFile, isPublished } from './verify-bytes.ts'

/** A path, or how to find one. */
export type CacheDir = string | (() => Promise<string | undefined>)

/** Where to look and what is allowed; see the options of `loadDataset`. */
export interface DataPlaces {
  readonly dataset: string
  readonly dataDir: string | undefined
  /** A function is asked when a cache is needed, and may not know one. */
  readonly cacheDir: CacheDir
  readonly acceptChecksum: boolean
  readonly offline: boolean
  readonly mirrors: readonly string[]
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined
  readonly signal: AbortSignal | undefined
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** In a directory without the right to search it every file seems to be missing. */
const requireSearchable = async (dataset: string, dataDir: string): Promise<void> => {
  const refusal = await access(dataDir, constants.R_OK | constants.X_OK).then(() => null, systemRefusal)
  if (refusal !== null)
    refuseDataset(
      dataset,
      'the data directory',
      dataDir,
      `it cannot be searched (${refusal}): give this user the right to read and to search it`,
    )
}

/** The data directory must be there when somebody named one: a misspelled one must not lead to a download. */
export const requireDataDir = async ({ dataDir, dataset }: DataPlaces): Promise<void> => {
  if (dataDir === undefined) return
  const found = await stat(dataDir).catch((error: unknown) => {
    const refusal = systemRefusal(error)
    if (refusal === null) throw error
    return refusal
  })
  if (typeof found === 'string' && !/^(ENOENT|ENOTDIR)/.test(found))
    return refuseDataset(dataset, 'the data directory', dataDir, `that cannot be reached: ${found}`)
  if (typeof found === 'object' && found.isDirectory()) return requireSearchable(dataset, dataDir)
  const isTilde = basename(dataDir).startsWith('~') || /(^|[/\\])~/.test(dataDir)
  refuseDataset(
    dataset,
    'the data directory',
    dataDir,
    `${typeof found === 'string' ? 'there is nothing of that name' : 'that is no folder'}; ${isTilde ? 'a shell replaces ~ only at the beginning of a word: write the whole path' : 'name the folder that holds the files, or none, to use the cache'}`,
  )
}

/**
 * Every path where the data directory may hold a file of one of these names: in the folder named after the data set, then directly, then
 * in a folder that has a file's name (a well-known archive holds `train-images-idx3-ubyte/train-images-idx3-ubyte`).
 */
const candidatesInDataDir = (
  { dataDir, dataset }: DataPlaces,
  names: readonly string[],
): readonly string[] => {
  if (dataDir === undefined) return []
  const folders = [join(dataDir, dataset), dataDir]
  const plain = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...plain, ...plain.flatMap((folder) => names.map((name) => join(folder, basename(name))))]
}

/**
 * The first of the names that is in the data directory as a regular file.
 *
 * @throws DataProblem where only a pipe, a device, a link that leads nowhere or something that is closed to us has such a name: it was meant to be read,
 * and a download must not take its place. Folders are passed over.
 */
export const findInDataDir = async (
  places: DataPlaces,
  names: readonly string[],
): Promise<string | undefined> => {
  const candidates = candidatesInDataDir(places, names)
  for (const path of candidates) if (await isFile(path)) return path
  for (const path of candidates) {
    const kind = await kindOfPath(path)
    if (kind !== null && kind !== 'a folder')
      return refuseDataset(
        places.dataset,
        path,
        kind,
        isClosed(kind)
          ? 'it must be readable: give this user the right to read it, and to search its folder'
          : 'it must be a regular file; put one in its place, or take it away',
      )
  }
  return undefined
}

/** Places to name in an error: the plain ones, and what is there where it is no file. */
const placesToName = async (places: DataPlaces, names: readonly string[]): Promise<readonly string[]> => {
  const plain = candidatesInDataDir(places, names).slice(0, 2 * names.length)
  return Promise.all(
    plain.map(async (path) => {
      const kind = await kindOfPath(path)
      return kind === null ? path : `${path}, which is ${kind}`
    }),
  )
}

const withSlash = (mirror: string): string => (mirror.endsWith('/') ? mirror : `${mirror}/`)

/** Where a file of the cache is, and what a person should know of it. */
export interface CachedFile {
  readonly path: string
  readonly warnings: readonly string[]
}

/** The cache directory, asked for only now: whoever uses no cache needs no home directory. */
const cacheDirOf = async ({ cacheDir, dataset }: DataPlaces): Promise<string> => {
  if (typeof cacheDir === 'string' && cacheDir !== '') return cacheDir
  const found = typeof cacheDir === 'string' ? '' : await cacheDir()
  return found !== undefined && found !== ''
    ? found
    : refuseDataset(
        dataset,
        'the cache directory',
        'not known',
        'downloads need one; name it, or name a data directory that holds the files',
      )
}

/** Downloads need a directory that takes them: a home may be missing or read-only. */
const requireWritable = async (dataset: string, directory: string): Promise<void> => {
  const refusal = await makeDirectories(directory)
    .then(() => access(directory, constants.W_OK))
    .then(() => null, systemRefusal)
  if (refusal !== null)
    refuseDataset(
      dataset,
      'the cache directory',
      directory,
      `downloads cannot be written there (${refusal}); name another one, or name a data directory that holds the files`,
    )
}

/**
 * A verified copy of a published file in the cache, downloaded when it is not there.
 *
 * Nothing is deleted: the path comes from outside, and what lies there may be somebody's own. A file that is not the published one is replaced
 * only by a verified download, and kept aside; without a download it stays as it is.
 *
 * @param names what a data directory may call it, for the error's list of places.
 * @returns its path, and a warning where another file was put aside.
 * @throws DataProblem with `DataFileMissing` when it is not there and may not be downloaded; else as `downloadFile`.
 */
export const ensureCached = async (
  places: DataPlaces,
  file: string,
  published: PublishedBytes,
  names: readonly string[],
): Promise<CachedFile> => {
  const { dataset, offline, mirrors, onProgress, signal } = places
  const path = join(await cacheDirOf(places), dataset, basename(file))
  const isThere = await isFile(path)
  if (isThere && isPublished(await fingerprintOfFile(path, published.algorithm, signal), published))
    return { path, warnings: [] }
  if (offline)
    throw new DataProblem({
      _tag: 'DataFileMissing',
      dataset,
      file,
      searched: [
        ...(await placesToName(places, names)),
        isThere ? `${path}, which is not the published file` : path,
      ],
    })
  await requireWritable(dataset, dirname(path))
  const aside = await downloadFile({
    urls: mirrors.map((mirror) => `${withSlash(mirror)}${file}`),
    target: path,
    published,
    onProgress,
    signal,
  })
  return {
    path,
    warnings:
      aside === undefined
        ? []
        : [
            `${path} was not the published file; it is kept as ${aside}, and the published one was downloaded.`,
          ],
  }
}
