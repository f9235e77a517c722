/** Calls on a backend that is not alone in tfjs, and whose device may be lost. */
import { DivergedError } from '@laperm/core'
import type { DeviceWatch } from '@laperm/core/kernel'
import { SessionFault, sessionDeviceLost } from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { Runtime } from './runtime.ts'

/** How long a failed call waits for the news that its device is lost: on a busy machine it comes a second later. */
const graceMs = 3000

/** A session's way to its backend. */
export interface DeviceCalls {
  /** Do some work on the backend. @throws SessionFault `DeviceLost` as soon as the device is lost; what the work throws. */
  readonly during: <A>(work: () => Promise<A>) => Promise<A>
  /**
   * Make the backend tfjs's active one, after each wait: another engine may have made its own the active one. Of an initialized backend
   * this takes effect at once.
   *
   * @throws Error when the session was disposed of meanwhile.
   */
  readonly activate: () => void
  /** A tensor's values, a copy of one's own. */
  readonly read: (tensor: tf.Tensor) => Promise<Float32Array>
  /** From now on nothing is activated any more. */
  readonly end: () => void
}

const lossWithin = (watch: DeviceWatch, longestMs: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      forget()
      resolve(undefined)
    }, longestMs)
    const forget = watch.whenLost((reason) => {
      clearTimeout(timer)
      resolve(reason)
    })
  })

/** A session's calls on its runtime. */
export const makeDeviceCalls = ({ engine, backendName, watch }: Runtime): DeviceCalls => {
  let hasEnded = false
  const activate = (): void => {
    if (hasEnded) throw new Error('the session was disposed')
    if (tf.getBackend() !== backendName) void tf.setBackend(backendName)
  }
  const lossError = (reason: string): SessionFault => new SessionFault(sessionDeviceLost(engine, reason))
  return {
    activate,
    during: async (work) => {
      const lost = watch?.lostReason()
      if (lost !== undefined) throw lossError(lost)
      activate()
      if (watch === undefined) return work()
      try {
        return await watch.untilLost(work(), lossError)
      } catch (error) {
        if (error instanceof SessionFault || error instanceof DivergedError) throw error
        // A call may fail a moment before its device is told to be lost, and the loss is the better reason.
        const reason = await lossWithin(watch, graceMs)
        throw reason === undefined ? error : lossError(reason)
      }
    },
    read: async (tensor) => {
      const values = (await tensor.data<'float32'>()) as Float32Array
      activate()
      return values.slice()
    },
    end: () => {
      if (watch?.lostReason() === undefined) activate()
      hasEnded = true
    },
  }
}
