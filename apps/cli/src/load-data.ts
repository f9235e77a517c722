/** Finds a data set for a command: flags win over the environment, the environment over the operating system's habit. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type DataError, type Dataset, type DatasetName, defaultDigitSizes, limitDataset } from '@laperm/data'
import { loadDataset } from '@laperm/data/node'
import type { DataSource } from '@laperm/runs'
import { either as E, type taskEither as TE } from 'fp-ts'
import { type UsageError, usageError } from './failure.ts'
import type { DataFlags } from './flags.ts'
import { makeDownloadProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

/**
 * Where downloads are kept; `undefined` where nobody named a place and the user has no home directory.
 *
 * `env-paths` asks for the home directory as soon as it is imported: so only when it is needed.
 */
export const cacheDirectory = async (environment: Terminal['environment']): Promise<string | undefined> => {
  const named = environment['LAPERM_CACHE_DIR']
  if (named !== undefined && named !== '') return named
  try {
    const { default: envPaths } = await import('env-paths')
    return envPaths('laperm', { suffix: '' }).cache
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined
    throw error
  }
}

/** A data directory that is not there: looking for the data elsewhere, or downloading them, is not what was asked for. */
const missingDirectory = ({ dataDir }: DataSource): UsageError | null =>
  dataDir === null || existsSync(dataDir)
    ? null
    : usageError(
        `There is no data directory ${dataDir}. --data-dir or LAPERM_DATA_DIR names it; without one, data are downloaded.`,
      )

/** Where the user keeps data, null when nobody said. Absolute, so that a run finds it again from anywhere. */
export const dataSource = (flags: DataFlags, environment: Terminal['environment']): DataSource => {
  const named = flags.dataDir ?? environment['LAPERM_DATA_DIR']
  return {
    dataDir: named === undefined || named === '' ? null : resolve(named),
    acceptChecksum: flags.acceptChecksum ?? false,
  }
}

export interface DataRequest {
  readonly dataset: DatasetName
  readonly limit: number | null
  readonly source: DataSource
  readonly offline: boolean
  readonly quiet: boolean
}

/** Load a data set, limited; a download shows its progress. Warnings of the data set go to standard error. */
export const loadData =
  (request: DataRequest, terminal: Terminal): TE.TaskEither<DataError | UsageError, Dataset> =>
  async () => {
    const { dataset, limit, source, offline, quiet } = request
    const missing = missingDirectory(source)
    if (missing !== null) return E.left(missing)
    const progress = quiet ? null : makeDownloadProgress(terminal)
    const loaded = await loadDataset(dataset, {
      dataDir: source.dataDir ?? undefined,
      cacheDir: () => cacheDirectory(terminal.environment),
      acceptChecksum: source.acceptChecksum,
      offline,
      // A larger set of digits begins with the smaller one: no need to draw what the limit leaves out.
      sizes:
        limit === null
          ? undefined
          : { ...defaultDigitSizes, train: Math.min(limit, defaultDigitSizes.train) },
      onProgress: progress?.update,
      signal: terminal.signal,
    })()
    progress?.stop()
    if (E.isLeft(loaded)) return loaded
    for (const warning of loaded.right.warnings) terminal.err(`warning: ${warning}`)
    return E.right(limit === null ? loaded.right : limitDataset(loaded.right, limit))
  }
