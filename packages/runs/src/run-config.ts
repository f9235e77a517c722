/** `config.json`: what was asked for, with everything resolved, where the data came from, and what ran. */
import { corruptFile, parseStrictJson } from '@laperm/formats'
import { type Experiment, type ExperimentError, parseExperiment, renderTrainError } from '@laperm/train'
import { either as E } from 'fp-ts'
import { type RunError, runUnavailable } from './run-errors.ts'

/** What the file says it is. */
export const configFormat = 'laperm-run/2'
/** Of LaPerm 0.1: its experiments have an optimizer's name and fields that are null for some optimizers. */
const oldFormat = 'laperm-run/1'

/** Where the run's data came from, so that evaluating and resuming find it again. It does not change a result. */
export interface DataSource {
  readonly dataDir: string | null
  /** The folder or .npz file of a data set of one's own; null for the built-in ones. */
  readonly folder: string | null
  readonly acceptChecksum: boolean
}

/** `config.json`. */
export interface RunConfig {
  readonly format: typeof configFormat
  /** ISO 8601. */
  readonly createdAt: string
  readonly experiment: Experiment
  readonly data: DataSource
  /** Names and versions of what ran: `laperm`, `node`, `platform`, `engine`. */
  readonly versions: Readonly<Record<string, string>>
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A JSON value for people; a field that is left out is none. */
const describe = (value: unknown): string => JSON.stringify(value) ?? 'none'

/** Levels of `config.json`: a network of one's own has blocks in blocks. */
const deepestConfig = 64

/**
 * Read a `config.json`. Its experiment goes through every check of a new one.
 *
 * @param path named in errors.
 */
export const parseConfig = (path: string, text: string): E.Either<RunError, RunConfig> => {
  const fail = (expected: string, found: string) => E.left(corruptFile(path, expected, found))
  const strict = parseStrictJson(text, deepestConfig)
  if (E.isLeft(strict)) {
    const { expected, at } = strict.left
    return fail(`JSON with ${expected}`, at < text.length ? `'${text.slice(at, at + 20)}'` : 'its end')
  }
  const json: unknown = JSON.parse(text)
  if (!isRecord(json)) return fail('a JSON object', 'another JSON value')
  if (json.format === oldFormat)
    return E.left(
      runUnavailable(
        path,
        `the run was made by LaPerm 0.1 (format ${oldFormat}), which this version cannot continue or evaluate`,
        'Use that version for it, or train again: config.json names the settings.',
      ),
    )
  if (json.format !== configFormat)
    return fail(
      `format ${configFormat}`,
      typeof json.format === 'string' ? json.format : describe(json.format),
    )
  const { createdAt, data, versions } = json
  if (typeof createdAt !== 'string') return fail('a string as createdAt', describe(createdAt))
  if (!isRecord(data) || !(data.dataDir === null || typeof data.dataDir === 'string'))
    return fail('a dataDir in data', describe(data))
  if (!(data.folder === null || typeof data.folder === 'string'))
    return fail('a folder in data', describe(data))
  if (!isRecord(versions) || !Object.values(versions).every((version) => typeof version === 'string'))
    return fail('strings as versions', describe(versions))
  return E.bimap(
    (error: ExperimentError): RunError => corruptFile(path, 'a valid experiment', renderTrainError(error)),
    (experiment: Experiment): RunConfig => ({
      format: configFormat,
      createdAt,
      experiment,
      data: {
        dataDir: data.dataDir as string | null,
        folder: data.folder as string | null,
        acceptChecksum: data.acceptChecksum === true,
      },
      versions: versions as Readonly<Record<string, string>>,
    }),
  )(parseExperiment(json.experiment))
}
