/**
 * What can go wrong on a device after a backend was made: tagged records, and the one error that carries them.
 *
 * A backend that cannot start at all is a {@link BackendUnavailable}; this module is about devices that fail later.
 */

/** The device is gone: unplugged, its driver was reset, its page lost the context, or somebody destroyed it. */
export interface DeviceLost {
  readonly _tag: 'DeviceLost'
  readonly backend: string
  readonly reason: string
}

/** Something is larger than this device allows. */
export interface DeviceLimitExceeded {
  readonly _tag: 'DeviceLimitExceeded'
  readonly backend: string
  /** The limit's own name, as the device's documentation writes it. */
  readonly limit: string
  readonly allowed: number
  readonly needed: number
  /** Whether a single weight vector needs that much, so that a smaller variable would not help. */
  readonly isOneVector?: boolean
}

/** The device has no memory left. */
export interface DeviceOutOfMemory {
  readonly _tag: 'DeviceOutOfMemory'
  readonly backend: string
  readonly reason: string
}

/** The device refused a command: a defect of the backend or of the driver, never of the weights. */
export interface DeviceRejected {
  readonly _tag: 'DeviceRejected'
  readonly backend: string
  readonly reason: string
}

/** Every way in which a device can fail while it is in use. */
export type DeviceFault = DeviceLost | DeviceLimitExceeded | DeviceOutOfMemory | DeviceRejected

/** One fault as one or two sentences for people: what happened, on which limit, what to try. */
export const renderDeviceFault = (fault: DeviceFault): string => {
  switch (fault._tag) {
    case 'DeviceLost':
      return `Backend ${fault.backend} lost its device: ${fault.reason}. Make the backend again and upload the weights once more.`
    case 'DeviceLimitExceeded':
      return `Backend ${fault.backend}: ${fault.limit} is ${fault.allowed}, but ${fault.needed} is needed${
        fault.isOneVector === true
          ? ' for a single weight vector. Use another backend.'
          : '. Split the variable by its last axis, or use another backend.'
      }`
    case 'DeviceOutOfMemory':
      return `Backend ${fault.backend} is out of memory: ${fault.reason}. Dispose of banks that are no longer needed, or use another backend.`
    case 'DeviceRejected':
      return `Backend ${fault.backend}: the device refused a command: ${fault.reason}. Please report this with the device's name.`
    default:
      return fault satisfies never
  }
}

/**
 * A {@link DeviceFault} where a value was expected: thrown by a backend's operations, or what `download` rejects with.
 */
export class DeviceFaultError extends Error {
  override readonly name = 'DeviceFaultError'
  /** What happened, to be matched by its `_tag`. */
  readonly fault: DeviceFault

  constructor(fault: DeviceFault) {
    super(renderDeviceFault(fault))
    this.fault = fault
  }
}
