/**
 * From a data set's name to its examples in memory. Node only: it reads files and may download them.
 */
import type { taskEither as TE } from 'fp-ts'
import type { DataError } from '../data-error.ts'
import type { PixelDataset } from '../dataset.ts'
import type { DatasetDescriptor } from '../datasets/dataset-descriptor.ts'
import { type DatasetName, datasetNames, datasets } from '../datasets/datasets.ts'
import { type DigitSizes, makeDigits } from '../digits/digits.ts'
import type { DownloadProgress } from '../download.ts'
import { type CacheDir, type DataPlaces, requireDataDir } from './data-files.ts'
import { dataTask } from './data-task.ts'
import { loadCifarBinary } from './load-cifar-binary.ts'
import { loadIdxDataset } from './load-idx-dataset.ts'

/** Where to look for a data set and what is allowed; only `cacheDir` has no default. */
export interface LoadDatasetOptions {
  /**
   * Where the user keeps data: searched first, for the published files and for unpacked ones, directly and in a folder named after the
   * data set. Never written.
   */
  readonly dataDir?: string | undefined
  /**
   * Where downloads go. The app chooses it; made when it is not there. A function is asked only when a cache is needed; `undefined` from it
   * becomes an error that asks for one.
   */
  readonly cacheDir: CacheDir
  /** Of `digits`: default 1. */
  readonly seed?: number | undefined
  /** Of `digits`: default 20,000 to train and 4,000 to test. */
  readonly sizes?: DigitSizes | undefined
  /** Read files of the data directory although their checksum is not the published one; the data set's `warnings` then say so. */
  readonly acceptChecksum?: boolean | undefined
  /** Never download: what is neither in the data directory nor in the cache is an error. */
  readonly offline?: boolean | undefined
  /** Called for every piece that arrives. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** Stops a download (its bytes are kept for the next one) or a reading. */
  readonly signal?: AbortSignal | undefined
  /** Folders to download from, instead of the published mirrors: a mirror of your own. */
  readonly baseUrls?: readonly string[] | undefined
}

const load = async (dataset: DatasetDescriptor, options: LoadDatasetOptions): Promise<PixelDataset> => {
  if (dataset.format === 'digits') return makeDigits(options.seed, options.sizes)
  const places: DataPlaces = {
    dataset: dataset.name,
    dataDir: options.dataDir,
    cacheDir: options.cacheDir,
    acceptChecksum: options.acceptChecksum ?? false,
    offline: options.offline ?? false,
    mirrors: options.baseUrls ?? dataset.mirrors,
    onProgress: options.onProgress,
    signal: options.signal,
  }
  await requireDataDir(places)
  switch (dataset.format) {
    case 'idx':
      return loadIdxDataset(places, dataset)
    case 'cifar-binary':
      return loadCifarBinary(places, dataset)
    default:
      return dataset satisfies never
  }
}

/**
 * Load a data set: `digits` is drawn, the others are read from the data directory, else from the cache, else downloaded into the cache.
 *
 * Files are verified against the published checksums and parsed without trust in their headers. After a failure the cache holds
 * nothing wrong and nothing half-written under a file's name.
 *
 * @returns a task; running it gives the data set, or a {@link DataError} that `renderDataError` puts into words. The examples belong to the caller.
 * @throws RangeError when the name is none of {@link datasetNames}, or a size of `digits` is no positive integer.
 * @example
 * const mnist = await loadDataset('mnist', { cacheDir: '.cache/laperm', onProgress: ({ file, receivedBytes }) => report(file, receivedBytes) })()
 */
export const loadDataset = (
  name: DatasetName,
  options: LoadDatasetOptions,
): TE.TaskEither<DataError, PixelDataset> => {
  const dataset = datasets.find((known) => known.name === name)
  if (dataset === undefined)
    throw new RangeError(`name is ${JSON.stringify(name)}, but must be one of ${datasetNames.join(', ')}`)
  return dataTask(name, options.signal, () => load(dataset, options))
}
