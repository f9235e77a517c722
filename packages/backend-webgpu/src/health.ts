/**
 * Whether the device carried out commands. WebGPU reports errors later than the call that caused them, so every bank carries the outcome as a
 * promise.
 */
import { type DeviceFault, DeviceFaultError } from '@laperm/core'
import { makeDeviceWatch } from '@laperm/core/kernel'

/** Resolves to the first fault of the commands that a bank depends on, or null. Never rejects. */
export type Health = Promise<DeviceFault | null>

/** The state of a device. */
export interface DeviceWatch {
  /** @throws DeviceFaultError `DeviceLost` when the device is known to be gone. */
  readonly assertAlive: () => void
  /** Run commands; the health that is returned says later whether the device carried them out. */
  readonly watched: <A>(commands: () => A) => readonly [A, Health]
  /** Wait for the device, or reject with `DeviceLost` as soon as it is lost. */
  readonly orLost: <A>(result: Promise<A>) => Promise<A>
}

const faultOf = (error: GPUError | null): DeviceFault | null => {
  if (error === null) return null
  // Node has no global GPUOutOfMemoryError to ask instanceof of.
  const outOfMemory = error.constructor.name === 'GPUOutOfMemoryError'
  return {
    _tag: outOfMemory ? 'DeviceOutOfMemory' : 'DeviceRejected',
    backend: 'webgpu',
    reason: error.message,
  }
}

/** The first fault of several healths, in their order. */
export const firstFault = async (...healths: readonly Health[]): Health =>
  (await Promise.all(healths)).find((fault) => fault !== null) ?? null

/** How long a failed mapping waits to learn whether the device is lost. */
const graceMs = 200

/** Watch a device for the rest of its life. */
export const watchDevice = (device: GPUDevice): DeviceWatch => {
  const loss = makeDeviceWatch()
  void device.lost.then(({ reason, message }) =>
    loss.lose(reason === 'destroyed' ? 'it was destroyed' : message || 'the driver gave no reason'),
  )
  const lossError = (reason: string): DeviceFaultError =>
    new DeviceFaultError({ _tag: 'DeviceLost', backend: 'webgpu', reason })
  const knownLoss = (): DeviceFaultError | undefined => {
    const reason = loss.lostReason()
    return reason === undefined ? undefined : lossError(reason)
  }
  const lossWithin = (longestMs: number): Promise<string | undefined> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        forget()
        resolve(undefined)
      }, longestMs)
      const forget = loss.whenLost((reason) => {
        clearTimeout(timer)
        resolve(reason)
      })
    })
  const popped = (): Health => device.popErrorScope().then(faultOf, () => knownLoss()?.fault ?? null)
  return {
    assertAlive: () => {
      const lost = knownLoss()
      if (lost !== undefined) throw lost
    },
    watched: (commands) => {
      device.pushErrorScope('validation')
      device.pushErrorScope('out-of-memory')
      let health: Health
      let value: ReturnType<typeof commands>
      try {
        value = commands()
      } finally {
        health = firstFault(popped(), popped())
      }
      return [value, health]
    },
    orLost: async (result) => {
      try {
        return await loss.untilLost(result, lossError)
      } catch (error) {
        // A mapping may be rejected shortly before the loss is reported, and the loss is the reason to report.
        const reason = await lossWithin(graceMs)
        throw reason === undefined ? error : lossError(reason)
      }
    },
  }
}
