/** Session errors on their way through code that throws. */
import { either as E, type taskEither as TE } from 'fp-ts'
import { renderSessionError, type SessionError } from './session-error.ts'

/** A {@link SessionError} where a value was expected. Turned into `Left` at the next boundary. */
export class SessionFault extends Error {
  override readonly name = 'SessionFault'
  /** What happened, to be matched by its `_tag`. */
  readonly sessionError: SessionError

  constructor(sessionError: SessionError) {
    super(renderSessionError(sessionError))
    this.sessionError = sessionError
  }
}

/**
 * Run a session's call inside code that throws.
 *
 * @throws SessionFault (a rejection) for a `Left`.
 * @example const { loss } = await orThrow(session.trainStep(batch, 1e-3, 1))
 */
export const orThrow = async <A>(task: TE.TaskEither<SessionError, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new SessionFault(result.left)
  return result.right
}

/**
 * The boundary where a {@link SessionFault} becomes `Left` again; whatever else is thrown goes on.
 *
 * @param work may throw.
 */
export const catchingFaults =
  <A>(work: () => Promise<A>): TE.TaskEither<SessionError, A> =>
  async () => {
    try {
      return E.right(await work())
    } catch (error) {
      if (error instanceof SessionFault) return E.left(error.sessionError)
      throw error
    }
  }
