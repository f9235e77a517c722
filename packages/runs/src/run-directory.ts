/**
 * A run's directory: what was asked for, what was measured, what came out.
 *
 * `config.json` (everything resolved, the data's hashes, and what ran), `metrics.jsonl` (a line an epoch), `summary.json`, `last.safetensors`
 * (the last synchronized weights), `best.safetensors`, on request `epoch-5.safetensors` and so on, and while a run is unfinished `checkpoint.safetensors`. Node only.
 */
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readRegularFile, systemRefusal } from '@laperm/data/node'
import { either as E, type taskEither as TE } from 'fp-ts'
import { parseConfig, type RunConfig } from './run-config.ts'
import { errorCodeOf, type RunError, RunWriteFailed, runUnavailable } from './run-errors.ts'
import type { RunSummary } from './run-summary.ts'
import { summaryText } from './summary-file.ts'
import { writeFileSafely } from './write-file-safely.ts'

/** The files of a run, by what they are. */
export const runFiles = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  summary: 'summary.json',
  last: 'last.safetensors',
  best: 'best.safetensors',
  checkpoint: 'checkpoint.safetensors',
} as const

/** The weights of a kept epoch: `epoch-5.safetensors`. */
export const epochFile = (epoch: number): string => `epoch-${epoch}.safetensors`

/** The epoch whose weights a file of this name holds; null for any other file. */
export const epochOfFile = (name: string): number | null => {
  const digits = /^epoch-([1-9]\d{0,9})\.safetensors$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** A run on disk. */
export interface Run {
  /** Absolute path. */
  readonly directory: string
  readonly config: RunConfig
}

const nameRun =
  'Name the directory of a run that `laperm train` made; `laperm runs` lists those below ./runs.'

/** The file system's refusal as a value; what is not the file system's is thrown on. */
export const runError = (path: string, error: unknown): RunError => {
  if (error instanceof RunWriteFailed)
    return runUnavailable(path, error.message, 'Free some space, or name another place; then try again.')
  const reason = systemRefusal(error)
  if (reason === null) throw error
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd')
    return runUnavailable(path, 'the current directory does not exist any more', 'Change into one that does.')
  switch (errorCodeOf(error)) {
    case 'ENOENT':
      return runUnavailable(path, 'there is no such file', nameRun)
    case 'ENOTDIR':
      return runUnavailable(path, 'a run is a directory, and this is a file or lies below one', nameRun)
    default:
      return runUnavailable(path, reason, 'Check the path, its permissions and the free space.')
  }
}

/**
 * Open a run's directory. Its experiment goes through every check of a new one.
 *
 * @returns `Left` when there is no run, or its `config.json` is damaged or breaks a rule.
 */
export const openRun =
  (directory: string): TE.TaskEither<RunError, Run> =>
  async () => {
    const path = join(resolve(directory), runFiles.config)
    try {
      return E.map((config: RunConfig): Run => ({ directory: resolve(directory), config }))(
        parseConfig(path, (await readRegularFile(path)).toString('utf8')),
      )
    } catch (error) {
      return E.left(runError(errorCodeOf(error) === 'ENOTDIR' ? resolve(directory) : path, error))
    }
  }

/** Write a run's `summary.json`. @throws the file system's error. */
export const writeSummary = (run: Run, summary: RunSummary): Promise<void> =>
  writeFileSafely(join(run.directory, runFiles.summary), summaryText(summary))

/** The epochs whose weights a run has kept, ascending. @throws the file system's error. */
export const keptEpochs = async ({ directory }: Run): Promise<readonly number[]> =>
  (await readdir(directory)).flatMap((name) => epochOfFile(name) ?? []).sort((one, other) => one - other)
