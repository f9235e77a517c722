export * from './batch-source.ts'
export * from './browser.ts'
export type { DownloadProgress } from './download.ts'
export * from './load-dataset.ts'
