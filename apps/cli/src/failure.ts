/** How a command fails: tagged records of the packages below, put into a person's words and into JSON. */
import { resolve } from 'node:path'
import { type DataError, renderDataError } from '@laperm/data'
import { type QueueError, renderQueueError } from '@laperm/queue'
import { type ExecuteRunError, type RunEndedBadly, type RunFailed, renderRunError } from '@laperm/runs'
import { renderStoreError, type StoreUnavailable } from '@laperm/store'
import { flagOfSetting, renderTrainError, renderWeightsMisfit, type WeightsMisfit } from '@laperm/train'
import { pathSuggestion } from './nearest-path.ts'
import { plainMessage, shorten } from './plain-text.ts'
import { dataRemedies, goOnHint, remediesFor } from './remedies.ts'
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts'

/** What was typed cannot be meant: an unknown flag, a value against its rule. */
export interface UsageError {
  readonly _tag: 'UsageError'
  readonly message: string
}

export const usageError = (message: string): UsageError => ({ _tag: 'UsageError', message })

export type Failure = UsageError | ExecuteRunError | DataError | QueueError | StoreUnavailable | WeightsMisfit

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
  FileChanged: true,
  FileSystemFailed: true,
}

const isDataError = (failure: Failure): failure is DataError => Object.hasOwn(dataTags, failure._tag)

/** The flag that sets a setting; the setting's own name where no flag does. */
const flagOf = (setting: string): string => {
  const flag = setting.startsWith('--') ? null : flagOfSetting(setting)
  return flag === null ? setting : `--${flag}`
}

const renderRunFailed = ({ message, status, isWriting, runDirectory }: RunFailed): string => {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  if (status === 'removed')
    return `${sentence} Where it was moved to, laperm train --resume goes on with it; the command that began the run, given again, trains it anew.`
  const said =
    status === 'failed'
      ? "The run's directory says that it failed"
      : "The run's summary could not be written either and still says that it is running"
  const room = isWriting ? 'Make room there (or make it writable); its last checkpoint is whole. ' : ''
  return `${sentence} ${said}: ${runDirectory}. ${room}${goOnHint(runDirectory)}`
}

const renderEndedBadly = ({ status, summary, runDirectory }: RunEndedBadly): string =>
  status === 'diverged'
    ? `This run was trained before and diverged at step ${summary.divergedAt}, as it would again: ${runDirectory}. Try a lower --learning-rate; --again trains it anew all the same.`
    : `This run was trained before and failed: ${runDirectory} (${firstLine(summary.error ?? 'nothing says why')}). ${goOnHint(runDirectory)}; from the start: --again`

const firstLine = (text: string): string => text.split('\n')[0] ?? ''

/** The failure as sentences for people. Settings appear as the flags that set them. */
export const renderFailure = (failure: Failure): string => {
  switch (failure._tag) {
    case 'UsageError':
      return failure.message
    case 'RunFailed':
      return renderRunFailed(failure)
    case 'RunEndedBadly':
      return renderEndedBadly(failure)
    case 'InvalidSetting':
      return `${flagOf(failure.setting)} is ${failure.value}, but ${failure.rule}.`
    case 'UnknownName':
      return failure.what === 'data set'
        ? `${renderTrainError(failure)} Data of your own are named by their path, but nothing is at ${resolve(failure.name)}.${pathSuggestion(resolve(failure.name))}`
        : renderTrainError(failure)
    case 'InvalidDataset':
      return failure.field === 'the cache directory'
        ? `${renderDataError(failure, dataRemedies)} LAPERM_CACHE_DIR names the one, --data-dir or LAPERM_DATA_DIR the other.`
        : renderDataError(failure, dataRemedies)
    case 'CorruptFile':
    case 'RunUnavailable':
      return renderRunError(failure)
    case 'StoreUnavailable':
      return renderStoreError(failure)
    case 'WeightsMisfit':
      return renderWeightsMisfit(failure)
    case 'JobRefused':
    case 'QueueUnavailable':
    case 'QueueClosed':
      return renderQueueError(failure)
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
    case 'UnsupportedModel':
    case 'WeightsMisfit':
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
