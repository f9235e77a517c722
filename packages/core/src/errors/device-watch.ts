/**
 * The loss of a device, told to everybody who waits for the device at that moment.
 *
 * A race with a promise that lives as long as the device would keep every result that was ever raced: a waiter here is forgotten as soon
 * as its own work has ended.
 */

/** Knows whether a device is lost. */
export interface DeviceWatch {
  /** Why the device was lost; undefined while it is there. */
  readonly lostReason: () => string | undefined
  /** Say that it is lost; only the first reason counts. */
  readonly lose: (reason: string) => void
  /**
   * The result of some work, or a rejection as soon as the device is lost.
   *
   * @param lossError makes the error from the reason.
   */
  readonly untilLost: <A>(work: Promise<A>, lossError: (reason: string) => Error) => Promise<A>
  /**
   * Call `tell` once, when the device is lost; at once where it is.
   *
   * @returns what forgets `tell`.
   */
  readonly whenLost: (tell: (reason: string) => void) => () => void
}

/** Watch a device that is there. */
export const makeDeviceWatch = (): DeviceWatch => {
  let lost: string | undefined
  const waiters = new Set<(reason: string) => void>()
  const whenLost: DeviceWatch['whenLost'] = (tell) => {
    if (lost === undefined) waiters.add(tell)
    else tell(lost)
    return () => {
      waiters.delete(tell)
    }
  }
  return {
    lostReason: () => lost,
    lose: (reason) => {
      if (lost !== undefined) return
      lost = reason
      for (const tell of waiters) tell(reason)
      waiters.clear()
    },
    untilLost: (work, lossError) =>
      new Promise((resolve, reject) => {
        const forget = whenLost((reason) => reject(lossError(reason)))
        work.then(resolve, reject).finally(forget)
      }),
    whenLost,
  }
}
