/** What can be wrong with a run's directory, as tagged plain records, and one renderer for people. */
import { systemRefusal } from '@laperm/data/node'
import { type CorruptFile, renderCorruptFile } from '@laperm/formats'

/** A run directory that cannot be made, written, read or continued. */
export interface RunUnavailable {
  readonly _tag: 'RunUnavailable'
  readonly path: string
  readonly reason: string
  readonly remedy: string
  /** There where another process trains the run: it can be had later. */
  readonly isHeld?: true
}

/** What is wrong with a run directory. */
export type RunError = CorruptFile | RunUnavailable

/** Make a {@link RunUnavailable}. */
export const runUnavailable = (path: string, reason: string, remedy: string): RunUnavailable => ({
  _tag: 'RunUnavailable',
  path,
  reason,
  remedy,
})

/** Make the {@link RunUnavailable} of a run that another process trains. */
export const runHeld = (
  path: string,
  reason: string,
  remedy = 'Wait until it has ended, or stop it; reading the run is possible meanwhile.',
): RunUnavailable => ({ ...runUnavailable(path, reason, remedy), isHeld: true })

/** A file of a run that could not be written: a full disk, a file system that went read-only. What stood there before is whole. */
export class RunWriteFailed extends Error {
  override readonly name = 'RunWriteFailed'
  readonly path: string

  constructor(path: string, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause)
    super(`${path} could not be written: ${systemRefusal(cause) ?? message}`, { cause })
    this.path = path
  }
}

/** The file system's code of an error, as `ENOENT`; null where there is none. */
export const errorCodeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error ? String(error.code) : null

/** Another process has taken the run's lock over. */
export const lockLost = (path: string): RunUnavailable =>
  runUnavailable(
    path,
    'another process writes into this run now, because this one was stopped for longer than its lock holds',
    'Nothing more was written here; look at the run again when the other one has ended.',
  )

/** The run's lock is gone, and perhaps more of its directory. */
export const lockRemoved = (path: string): RunUnavailable =>
  runUnavailable(
    path,
    'the lock of the run was removed from its directory while the run was written',
    'Nothing more was written here; look at what is left of the run.',
  )

/** The error as one or two sentences for people: what was wrong, the value, the rule, what to do next. */
export const renderRunError = (error: RunError): string =>
  error._tag === 'CorruptFile' ? renderCorruptFile(error) : `${error.path}: ${error.reason}. ${error.remedy}`
