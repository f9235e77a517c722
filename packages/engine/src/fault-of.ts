/** From whatever an engine's work throws to a session error. */
import { DeviceFaultError, DivergedError } from '@laperm/core'
import { engineStopped, outOfMemory, type SessionError, sessionDeviceLost } from './session-error.ts'
import { SessionFault } from './session-fault.ts'

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().replace(/\.$/, '')

/**
 * The session error that a thrown value means.
 *
 * @param doing what the session was doing, for people: `training step 3 of f2`.
 * @param remedy of what the engine has no name for.
 */
export const faultOf = (
  engine: string,
  doing: string,
  error: unknown,
  remedy: 'goOn' | 'restoreState',
): SessionError => {
  const where = (reason: string): string => `${reason} (while ${doing})`
  if (error instanceof DivergedError) return error.diverged
  if (error instanceof SessionFault) {
    const { sessionError } = error
    return sessionError._tag === 'Diverged'
      ? sessionError
      : { ...sessionError, reason: where(sessionError.reason) }
  }
  if (error instanceof DeviceFaultError)
    switch (error.fault._tag) {
      case 'DeviceLost':
        return sessionDeviceLost(engine, where(error.fault.reason))
      case 'DeviceOutOfMemory':
        return outOfMemory(engine, where(error.fault.reason))
      case 'DeviceRejected':
      case 'DeviceLimitExceeded':
        return engineStopped(engine, where(messageOf(error)), remedy)
    }
  return engineStopped(engine, where(messageOf(error)), remedy)
}
