/**
 * Whether the device did what it was told: WebGPU reports errors later, on another timeline, so every bank carries the answer as a promise.
 */
import { type DeviceFault, DeviceFaultError } from '@laperm/core'

/** Settles to the first fault on the way to a bank, or null. Never rejects. */
export type Health = Promise<DeviceFault | null>

/** The state of a device. */
export interface DeviceWatch {
  /** @throws DeviceFaultError `DeviceLost` when the device is known to be gone. */
  readonly assertAlive: () => void
  /** Run commands, and tell later whether the device took them. */
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

/** How long a failed mapping waits for the news that the device is lost. */
const graceMs = 200

const pause = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms))

/** Watch a device for the rest of its life. */
export const watchDevice = (device: GPUDevice): DeviceWatch => {
  let lost: DeviceFault | undefined
  const whenLost = device.lost.then(({ reason, message }): DeviceFault => {
    lost = {
      _tag: 'DeviceLost',
      backend: 'webgpu',
      reason: reason === 'destroyed' ? 'it was destroyed' : message || 'the driver gave no reason',
    }
    return lost
  })
  const popped = (): Health => device.popErrorScope().then(faultOf, () => lost ?? null)
  return {
    assertAlive: () => {
      if (lost !== undefined) throw new DeviceFaultError(lost)
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
      const outcome = await Promise.race([
        result.then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
        whenLost.then((fault) => ({ error: new DeviceFaultError(fault) })),
      ])
      if ('value' in outcome) return outcome.value
      // A mapping may be rejected a moment before the loss is told, and the loss is the better reason.
      const fault = await Promise.race([whenLost, pause(graceMs)])
      throw fault === undefined ? outcome.error : new DeviceFaultError(fault)
    },
  }
}
