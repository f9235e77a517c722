/** What can go wrong between an experiment and its result, as tagged plain records, and one renderer for people. */
import {
  type InvalidSetting,
  type LaPermError,
  neutralRemedies,
  type RemedyWords,
  renderError,
} from '@laperm/core'
import {
  type EngineError,
  neutralSessionRemedies,
  renderEngineError,
  renderSessionError,
  type SessionError,
  type SessionRemedyWords,
} from '@laperm/engine'
import { type ModelError, renderModelError } from '@laperm/models'

/** A name that nobody knows, with the nearest one that somebody does. */
export interface UnknownName {
  readonly _tag: 'UnknownName'
  /** `model`, `data set`, `optimizer`, `setting`, ... */
  readonly what: string
  readonly name: string
  /** Null when nothing known is near. */
  readonly nearest: string | null
  readonly known: readonly string[]
}

/** Model and data do not fit each other: another image size, too few classes, a batch larger than the data set. */
export interface DoesNotFit {
  readonly _tag: 'DoesNotFit'
  readonly reason: string
  readonly remedy: string
}

/** What is wrong with an experiment as it was asked for. */
export type ExperimentError = UnknownName | InvalidSetting | DoesNotFit | ModelError

/**
 * Everything that a training run can fail with, but for what its engine does wrong on the way (`SessionError`). A run that diverges or is
 * interrupted does not fail: it ends with that status.
 */
export type TrainError = ExperimentError | EngineError | ModelError | LaPermError

/** Make an {@link UnknownName}. */
export const unknownName = (
  what: string,
  name: string,
  nearest: string | null,
  known: readonly string[],
): UnknownName => ({ _tag: 'UnknownName', what, name, nearest, known })

/** Make a {@link DoesNotFit}. */
export const doesNotFit = (reason: string, remedy: string): DoesNotFit => ({
  _tag: 'DoesNotFit',
  reason,
  remedy,
})

/** An app's words for remedies. */
export interface ErrorWords {
  /** What to do about a backend or an engine that cannot run. */
  readonly unavailable: RemedyWords
  /** What to do about an engine that fails while it trains. */
  readonly session: SessionRemedyWords
}

/** Words for those who call functions. */
export const neutralWords: ErrorWords = { unavailable: neutralRemedies, session: neutralSessionRemedies }

/**
 * The error as one or two sentences for people: what was wrong, the value, the rule, what to do next.
 *
 * @param words an app's for remedies.
 */
export const renderTrainError = (
  error: TrainError | SessionError,
  words: ErrorWords = neutralWords,
): string => {
  switch (error._tag) {
    case 'UnknownName':
      return `There is no ${error.what} called '${error.name}'. ${error.nearest === null ? '' : `Did you mean '${error.nearest}'? `}Known: ${error.known.join(', ')}.`
    case 'DoesNotFit':
      return `${error.reason}. ${error.remedy}`
    case 'EngineUnavailable':
    case 'UnsupportedModel':
      return renderEngineError(error, words.unavailable)
    case 'Diverged':
    case 'DeviceLost':
    case 'OutOfMemory':
    case 'EngineStopped':
      return renderSessionError(error, words.session)
    case 'InvalidLayer':
    case 'InvalidModel':
      return renderModelError(error)
    default:
      return renderError(error, words.unavailable)
  }
}
