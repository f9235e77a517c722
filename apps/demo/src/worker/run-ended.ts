/** What ended a run, carried as data from where it happened to where the page is told. */
import { type EngineError, type SessionError, SessionFault } from '@laperm/engine'
import { renderTrainError } from '@laperm/train'
import { either as E } from 'fp-ts'
import { pageWords } from '../remedies.ts'

/** An engine that cannot run, or a session that fails. */
export class RunEnded extends Error {
  readonly problem: EngineError | SessionError
  constructor(problem: EngineError | SessionError) {
    super(problem._tag)
    this.problem = problem
  }
}

/** @throws RunEnded */
export const orEnd = <A>(result: E.Either<EngineError | SessionError, A>): A => {
  if (E.isRight(result)) return result.right
  throw new RunEnded(result.left)
}

/** The end of a run as the page hears of it. */
export interface Ending {
  /** For people. */
  readonly reason: string
  readonly isDeviceLost: boolean
}

/** @param error whatever was thrown while the worker did something. */
export const endingOf = (error: unknown): Ending => {
  const problem =
    error instanceof RunEnded ? error.problem : error instanceof SessionFault ? error.sessionError : undefined
  if (problem === undefined)
    return { reason: error instanceof Error ? error.message : String(error), isDeviceLost: false }
  return { reason: renderTrainError(problem, pageWords), isDeviceLost: problem._tag === 'DeviceLost' }
}
