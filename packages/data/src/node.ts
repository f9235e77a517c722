/** What needs Node: data sets from files and downloads, and batches filled by a worker thread. */
export type { DownloadProgress } from './download.ts'
export { type BatchSourceOptions, makeBatchSource } from './node/batch-source.ts'
export { type LoadDatasetOptions, loadDataset } from './node/load-dataset.ts'
export { loadOwnDataset, type OwnDatasetOptions } from './node/load-own-dataset.ts'
export { makeDirectories } from './node/make-directories.ts'
export { readRegularFile } from './node/read-regular-file.ts'
export { systemRefusal } from './node/system-refusal.ts'
