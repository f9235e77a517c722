/**
 * What can go wrong while a session is used, as tagged plain records. Remedies are tags: an app puts them into its own words.
 *
 * Mistakes of the caller (a batch of the wrong size, a call before `initialize`) are not here: they throw `RangeError` or `TypeError`.
 */
import type { Diverged } from '@laperm/core'

/** The device is gone for good, and with it every session on it. */
export interface SessionDeviceLost {
  readonly _tag: 'DeviceLost'
  readonly engine: string
  readonly reason: string
}

/** Memory did not suffice for this call. */
export interface OutOfMemory {
  readonly _tag: 'OutOfMemory'
  readonly engine: string
  readonly reason: string
}

/** The engine failed, or refuses to go on. */
export interface EngineStopped {
  readonly _tag: 'EngineStopped'
  readonly engine: string
  readonly reason: string
  /**
   * `goOn`: the call changed nothing. `restoreState`: a call failed halfway, and only `initialize` or `writeState` makes the session whole.
   * `compileAgain`: the session has ended.
   */
  readonly remedy: 'goOn' | 'restoreState' | 'compileAgain'
}

/** Everything that a session's calls answer with when they do not succeed. `Diverged`: a weight to be ranked is NaN; nothing was changed. */
export type SessionError = Diverged | SessionDeviceLost | OutOfMemory | EngineStopped

/** What to do about a {@link SessionError}. */
export type SessionRemedy = 'lowerLearningRate' | 'makeEngineAgain' | 'smallerBatch' | EngineStopped['remedy']

/** Make a {@link SessionDeviceLost}. */
export const sessionDeviceLost = (engine: string, reason: string): SessionDeviceLost => ({
  _tag: 'DeviceLost',
  engine,
  reason,
})

/** Make an {@link OutOfMemory}. */
export const outOfMemory = (engine: string, reason: string): OutOfMemory => ({
  _tag: 'OutOfMemory',
  engine,
  reason,
})

/** Make an {@link EngineStopped}. */
export const engineStopped = (
  engine: string,
  reason: string,
  remedy: EngineStopped['remedy'],
): EngineStopped => ({ _tag: 'EngineStopped', engine, reason, remedy })

/** The remedy of an error. */
export const remedyOf = (error: SessionError): SessionRemedy => {
  switch (error._tag) {
    case 'Diverged':
      return 'lowerLearningRate'
    case 'DeviceLost':
      return 'makeEngineAgain'
    case 'OutOfMemory':
      return 'smallerBatch'
    case 'EngineStopped':
      return error.remedy
    default:
      return error satisfies never
  }
}

/** An app's words for each remedy: whole sentences, or nothing. */
export type SessionRemedyWords = Readonly<Record<SessionRemedy, string>>

/** Remedies for those who call functions. */
export const neutralSessionRemedies: SessionRemedyWords = {
  lowerLearningRate: 'Try a lower learning rate.',
  makeEngineAgain: 'Make the engine again; the last state that was read can be gone on from.',
  smallerBatch: 'Try a smaller batch.',
  goOn: 'Nothing was changed.',
  restoreState: 'Call initialize or writeState before going on.',
  compileAgain: 'Compile the model again.',
}

const whatHappened = (error: SessionError): string => {
  switch (error._tag) {
    case 'Diverged':
      return `Training has diverged: weight ${error.index} of vector ${error.vector} of ${error.variable} is NaN. Nothing was permuted.`
    case 'DeviceLost':
      return `Engine ${error.engine} lost its device: ${error.reason}.`
    case 'OutOfMemory':
      return `Engine ${error.engine} is out of memory: ${error.reason}.`
    case 'EngineStopped':
      return `Engine ${error.engine} stopped: ${error.reason}.`
    default:
      return error satisfies never
  }
}

/**
 * The error as one or two sentences for people.
 *
 * @param words an app's for remedies.
 */
export const renderSessionError = (
  error: SessionError,
  words: SessionRemedyWords = neutralSessionRemedies,
): string => `${whatHappened(error)} ${words[remedyOf(error)]}`.trimEnd()
