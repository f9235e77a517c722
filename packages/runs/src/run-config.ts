/** `config.json`: what was asked for, with everything resolved, what it is trained on, and what ran. */
import { isRecord } from '@laperm/core/settings'
import { corruptFile, parseStrictJson } from '@laperm/formats'
import { type Experiment, parseExperiment, renderTrainError } from '@laperm/train'
import { either as E } from 'fp-ts'
import { type DataFingerprint, parseFingerprint } from './data-fingerprint.ts'
import { parseEnvironment, type RunEnvironment } from './run-environment.ts'
import { type RunError, runUnavailable } from './run-errors.ts'
import { identityOf } from './run-identity.ts'

/** What the file says it is. */
export const configFormat = 'laperm-run/3'
/** Of LaPerm before runs had identities. */
const oldFormats: readonly unknown[] = ['laperm-run/1', 'laperm-run/2']

/** Where the run's data came from, so that evaluating and resuming find it again. It does not change a result. */
export interface DataSource {
  readonly dataDir: string | null
  /** The folder or .npz file of a data set of one's own; null for the built-in ones. */
  readonly folder: string | null
  readonly acceptChecksum: boolean
}

/** Where the run's data came from, and what they are. */
export interface RunData extends DataSource {
  /** Of the examples as they are used, limits applied. */
  readonly fingerprint: DataFingerprint
}

/** What a run is set up with. */
export interface RunSettings {
  readonly experiment: Experiment
  readonly data: RunData
  readonly environment: RunEnvironment
  /** The command that made the run, as it was typed, quoted for a shell; null where a program made it. */
  readonly commandLine: string | null
}

/** `config.json`. */
export interface RunConfig extends RunSettings {
  readonly format: typeof configFormat
  /** {@link identityOf} the experiment, the data's fingerprint and the environment's bits. */
  readonly identity: string
  /** ISO 8601. */
  readonly createdAt: string
}

/** The identity of a run that is set up so. */
export const identityOfSettings = ({ experiment, data, environment }: RunSettings): string =>
  identityOf({ experiment, data: data.fingerprint, bits: environment.bits })

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'
/** No file system takes a path with a NUL. */
const isPathOrNull = (value: unknown): value is string | null =>
  isTextOrNull(value) && !(value ?? '').includes('\0')

const longestValue = 200

/** A JSON value for people, the end of a long one cut off; a field that is left out is none. */
const describe = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'none'
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text
}

/** Saved data, or what they lack. */
const parseData = (value: unknown): RunData | string => {
  if (!isRecord(value) || !isPathOrNull(value.dataDir)) return 'a dataDir in data'
  const { dataDir, folder, acceptChecksum } = value
  if (!isPathOrNull(folder)) return 'a folder in data'
  if (typeof acceptChecksum !== 'boolean') return 'an acceptChecksum in data'
  const fingerprint = parseFingerprint(value.fingerprint)
  return fingerprint === null
    ? 'a fingerprint of four SHA-256 in data'
    : { dataDir, folder, acceptChecksum, fingerprint }
}

/** Levels of `config.json`: a layer in 32 others, as many as a network of one's own may have, takes two for each. */
const deepestConfig = 100

/**
 * Read a `config.json`. Its experiment goes through every check of a new one, and its identity must be the one of what it says.
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
  const { format, identity, createdAt, commandLine } = json
  if (oldFormats.includes(format))
    return E.left(
      runUnavailable(
        path,
        `the run was made by an earlier LaPerm (format ${String(format)}), which this version cannot continue or evaluate`,
        'Use that version for it, or train again: config.json names the settings.',
      ),
    )
  if (format !== configFormat)
    return fail(`format ${configFormat}`, typeof format === 'string' ? format : describe(format))
  if (typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt)))
    return fail('a time as createdAt', describe(createdAt))
  if (!isTextOrNull(commandLine)) return fail('a string or null as commandLine', describe(commandLine))
  const data = parseData(json.data)
  if (typeof data === 'string') return fail(data, describe(json.data))
  const environment = parseEnvironment(json.environment)
  if (typeof environment === 'string')
    return fail(`a valid '${environment}' in environment`, describe(json.environment))
  const experiment = parseExperiment(json.experiment)
  if (E.isLeft(experiment)) return fail('a valid experiment', renderTrainError(experiment.left))
  const settings = { experiment: experiment.right, data, environment, commandLine }
  const made = identityOfSettings(settings)
  if (identity !== made)
    return E.left(
      runUnavailable(
        path,
        `its identity is ${describe(identity)}, but its experiment, data and versions have ${made}: the file was edited`,
        'Put back what stood there, or train anew with the other settings.',
      ),
    )
  return E.right({ format: configFormat, identity: made, createdAt, ...settings })
}
