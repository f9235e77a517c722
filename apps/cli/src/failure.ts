/** How a command fails: tagged records of the packages below, put into a person's words and into JSON. */
import { type DataError, renderDataError } from '@laperm/data'
import type { SessionError } from '@laperm/engine'
import { type RunError, renderRunError } from '@laperm/runs'
import { flagOfSetting, renderTrainError, type TrainError } from '@laperm/train'
import { plainMessage, shorten } from './plain-text.ts'
import { dataRemedies, remediesFor } from './remedies.ts'
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts'

/** What was typed cannot be meant: an unknown flag, a value against its rule. */
export interface UsageError {
  readonly _tag: 'UsageError'
  readonly message: string
}

export const usageError = (message: string): UsageError => ({ _tag: 'UsageError', message })

/** Something broke while a run was under way: the engine died, the disk is full. The stack is in the run's summary. */
export interface RunFailed {
  readonly _tag: 'RunFailed'
  readonly message: string
  readonly runDirectory: string
  /** What the run's summary says now: `running` where no new one could be written. */
  readonly status: 'failed' | 'running'
  /** What to do, in a sentence. */
  readonly remedy: string
}

/** The engine failed while it worked; the run, where there is one, can be gone on with. */
export type SessionFailure = SessionError & { readonly runDirectory: string | null }

export type Failure = UsageError | RunFailed | SessionFailure | RunError | TrainError | DataError

const dataTags: Readonly<Record<DataError['_tag'], true>> = {
  DataFileMissing: true,
  ChecksumMismatch: true,
  BadMagic: true,
  BadHeader: true,
  WrongLength: true,
  CorruptArchive: true,
  TooLarge: true,
  LabelOutOfRange: true,
  CountMismatch: true,
  InvalidDataset: true,
  DoesNotSuit: true,
  DownloadFailed: true,
  DownloadAborted: true,
  ReadingAborted: true,
  FileSystemFailed: true,
}

const isDataError = (failure: Failure): failure is DataError => Object.hasOwn(dataTags, failure._tag)

/** The flag that sets a setting; the setting's own name where no flag does. */
const flagOf = (setting: string): string => {
  const flag = setting.startsWith('--') ? null : flagOfSetting(setting)
  return flag === null ? setting : `--${flag}`
}

/** The failure as sentences for people. Settings appear as the flags that set them. */
export const renderFailure = (failure: Failure): string => {
  switch (failure._tag) {
    case 'UsageError':
      return failure.message
    case 'RunFailed':
      return `${failure.message} ${
        failure.status === 'failed'
          ? "The run's directory says that it failed"
          : "The run's summary could not be written either and still says that it is running"
      }: ${failure.runDirectory}. ${failure.remedy}`
    case 'InvalidSetting':
      return `${flagOf(failure.setting)} is ${failure.value}, but ${failure.rule}.`
    case 'InvalidDataset':
      return failure.field === 'the cache directory'
        ? `${renderDataError(failure, dataRemedies)} LAPERM_CACHE_DIR names the one, --data-dir or LAPERM_DATA_DIR the other.`
        : renderDataError(failure, dataRemedies)
    case 'CorruptFile':
    case 'RunUnavailable':
      return renderRunError(failure)
    default:
      return isDataError(failure)
        ? renderDataError(failure, dataRemedies)
        : renderTrainError(failure, remediesFor('runDirectory' in failure ? failure.runDirectory : null))
  }
}

const exitCodeOf = (failure: Failure): ExitCode => {
  switch (failure._tag) {
    case 'UsageError':
    case 'UnknownName':
    case 'InvalidSetting':
    case 'DoesNotFit':
      return exitCodes.usage
    case 'DownloadAborted':
    case 'ReadingAborted':
      return exitCodes.interrupted
    default:
      return exitCodes.failed
  }
}

/** Say what went wrong: a message on standard error, and with `--json` one object `{ error }` on standard output. */
export const reportFailure = (terminal: Terminal, json: boolean, failure: Failure): ExitCode => {
  const message = plainMessage(renderFailure(failure))
  const exitCode = exitCodeOf(failure)
  terminal.err(`laperm: ${message}`)
  const short = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? shorten(value, 2000) : value
  if (json) terminal.out(JSON.stringify({ error: { ...failure, message, exitCode } }, short))
  return exitCode
}
