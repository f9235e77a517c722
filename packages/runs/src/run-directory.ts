/**
 * A run's directory: what was asked for, what was measured, what came out.
 *
 * `config.json` (everything resolved, and the versions), `metrics.jsonl` (a line an epoch), `summary.json`, `weights.safetensors` (the last
 * synchronized weights), `best.safetensors`, and while a run is unfinished `checkpoint.safetensors`. Node only.
 */
import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Params } from '@laperm/core'
import { type Experiment, inferExperiment, modelNameOf, optimizerOf } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { configFormat, type DataSource, parseConfig, type RunConfig } from './run-config.ts'
import { type RunError, RunWriteFailed, runUnavailable } from './run-errors.ts'
import { type RunSummary, startSummary } from './run-summary.ts'
import { decodeWeights } from './weights-file.ts'
import { writeFileSafely } from './write-file-safely.ts'

/** The files of a run, by what they are. */
export const runFiles = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  summary: 'summary.json',
  weights: 'weights.safetensors',
  best: 'best.safetensors',
  checkpoint: 'checkpoint.safetensors',
} as const

/** A run on disk. */
export interface Run {
  /** Absolute path. */
  readonly directory: string
  readonly config: RunConfig
}

/** Where a new run goes, and what its config keeps besides the experiment. */
export interface CreateRunOptions {
  /** The run's own directory, new or empty; null makes one below `parent`. */
  readonly directory: string | null
  /** Where runs without a directory of their own go. */
  readonly parent: string
  readonly data: DataSource
  readonly versions: Readonly<Record<string, string>>
  readonly now: Date
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error ? String(error.code) : null

/** The file system's refusal as a value; what is not the file system's is thrown on. */
export const runError = (path: string, error: unknown): RunError => {
  if (error instanceof RunWriteFailed)
    return runUnavailable(path, error.message, 'Free some space, or name another place; then try again.')
  if (!(error instanceof Error && 'syscall' in error)) throw error
  return codeOf(error) === 'ENOENT'
    ? runUnavailable(path, 'there is no such file', 'Name the directory of a run that `laperm train` made.')
    : runUnavailable(path, error.message, 'Check the path, its permissions and the free space.')
}

const nameOf = (experiment: Experiment, now: Date): string => {
  const { model, dataset, seed } = experiment
  const time = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
  return `${modelNameOf(model)}-${dataset}-${optimizerOf(experiment)}-s${seed}-${time}`
}

const makeDirectory = async (path: string): Promise<boolean> => {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Make a directory and its parents. Where one cannot be made, the error is the one of that very directory. */
const makeParents = async (path: string): Promise<void> => {
  try {
    await makeDirectory(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeParents(dirname(path))
    await makeDirectory(path)
  }
}

/** Make an empty file where there is none: of two processes one succeeds. */
const claimFile = async (path: string): Promise<boolean> => {
  try {
    await (await open(path, 'wx')).close()
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** @returns the path, or null when the caller named a directory that is in use. */
const claimDirectory = async (experiment: Experiment, options: CreateRunOptions): Promise<string | null> => {
  if (options.directory !== null) {
    const path = resolve(options.directory)
    await makeParents(path)
    return (await readdir(path)).length === 0 && (await claimFile(join(path, runFiles.config))) ? path : null
  }
  const parent = resolve(options.parent)
  await makeParents(parent)
  const name = join(parent, nameOf(experiment, options.now))
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? name : `${name}-${attempt}`
    if (await makeDirectory(path)) return path
  }
}

/**
 * Make a run's directory with its `config.json` and a `summary.json` that says `running`.
 *
 * @returns `Left(RunUnavailable)` when the directory holds files already or cannot be written.
 */
export const createRun =
  (experiment: Experiment, options: CreateRunOptions): TE.TaskEither<RunError, Run> =>
  async () => {
    try {
      const directory = await claimDirectory(experiment, options)
      if (directory === null)
        return E.left(
          runUnavailable(
            resolve(options.directory ?? ''),
            'the directory holds files already',
            'Name a new one, or continue the run that is there with --resume.',
          ),
        )
      const { data, versions, now } = options
      const config: RunConfig = {
        format: configFormat,
        createdAt: now.toISOString(),
        experiment,
        data,
        versions,
      }
      await writeFileSafely(join(directory, runFiles.config), `${JSON.stringify(config, null, 2)}\n`)
      const run = { directory, config }
      await writeSummary(run, startSummary(experiment, directory))
      return E.right(run)
    } catch (error) {
      const path = options.directory ?? options.parent
      if (!(error instanceof RunWriteFailed || codeOf(error) !== null)) throw error
      return E.left(
        runUnavailable(
          path,
          `a run's directory cannot be made here: ${error instanceof Error ? error.message : String(error)}`,
          'Name a directory that can be written, with free space.',
        ),
      )
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
        parseConfig(path, await readFile(path, 'utf8')),
      )
    } catch (error) {
      return E.left(runError(path, error))
    }
  }

/** Write a run's `summary.json`. @throws the file system's error. */
export const writeSummary = (run: Run, summary: RunSummary): Promise<void> =>
  writeFileSafely(join(run.directory, runFiles.summary), `${JSON.stringify(summary, null, 2)}\n`)

/**
 * Read a run's weights.
 *
 * @param which `best` at the best evaluation; `weights` at the last synchronization.
 * @returns `Left` when the run has none (yet), or the file is damaged or of another model.
 */
export const readWeights =
  (run: Run, which: 'best' | 'weights'): TE.TaskEither<RunError, Params> =>
  async () => {
    const path = join(run.directory, runFiles[which])
    const inferred = inferExperiment(run.config.experiment)
    if (E.isLeft(inferred)) throw new TypeError('a checked experiment has a model that infers')
    try {
      return decodeWeights(path, await readFile(path), inferred.right.parameters)
    } catch (error) {
      return E.left(
        codeOf(error) === 'ENOENT'
          ? runUnavailable(
              path,
              'the run has no such weights',
              'It may have ended before its first synchronization; resume it or train again.',
            )
          : runError(path, error),
      )
    }
  }
