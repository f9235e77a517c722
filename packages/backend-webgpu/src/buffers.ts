/**
 * GPU buffers with an owner: allocated within the device's limits, counted while they live.
 */
import { DeviceFaultError } from '@laperm/core'

/** WebGPU's usage bits; the standard fixes the numbers, and Node has no global that holds them. */
export const usage = {
  mapRead: 0x0001,
  copySource: 0x0004,
  copyDestination: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
} as const

/** `GPUMapMode.READ`. */
export const mapModeRead = 0x0001

/** How many buffers an owner has on the device, and how large they are. */
export interface DeviceMemory {
  readonly buffers: number
  readonly bytes: number
}

/** Makes and destroys buffers, and knows which are alive. */
export interface Buffers {
  /**
   * A buffer of at least 4 bytes.
   *
   * @param isOneVector whether it is for a single weight vector: the error then gives no advice to split it.
   * @throws DeviceFaultError `DeviceLimitExceeded` where it cannot be bound, `DeviceOutOfMemory` where it cannot be mapped at creation.
   */
  readonly create: (
    bytes: number,
    usageBits: number,
    initial?: ArrayBufferView,
    isOneVector?: boolean,
  ) => GPUBuffer
  readonly destroy: (buffer: GPUBuffer) => void
  readonly destroyAll: () => void
  readonly memory: () => DeviceMemory
}

const limitOf = (device: GPUDevice, bytes: number, usageBits: number) => {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
  if (bytes > maxBufferSize) return { limit: 'maxBufferSize', allowed: maxBufferSize }
  if ((usageBits & usage.storage) !== 0 && bytes > maxStorageBufferBindingSize)
    return { limit: 'maxStorageBufferBindingSize', allowed: maxStorageBufferBindingSize }
  return undefined
}

/** Buffers of one device. */
export const makeBuffers = (device: GPUDevice): Buffers => {
  const alive = new Map<GPUBuffer, number>()
  const create: Buffers['create'] = (bytes, usageBits, initial, isOneVector = false) => {
    const size = Math.max(4, bytes)
    const exceeded = limitOf(device, size, usageBits)
    if (exceeded !== undefined)
      throw new DeviceFaultError({
        _tag: 'DeviceLimitExceeded',
        backend: 'webgpu',
        ...exceeded,
        needed: size,
        isOneVector,
      })
    let buffer: GPUBuffer
    try {
      buffer = device.createBuffer({ size, usage: usageBits, mappedAtCreation: initial !== undefined })
    } catch (error) {
      // The standard throws RangeError, and only where the mapping could not be allocated.
      if (error instanceof RangeError)
        throw new DeviceFaultError({ _tag: 'DeviceOutOfMemory', backend: 'webgpu', reason: error.message })
      throw error
    }
    if (initial !== undefined) {
      new Uint8Array(buffer.getMappedRange()).set(
        new Uint8Array(initial.buffer, initial.byteOffset, initial.byteLength),
      )
      buffer.unmap()
    }
    alive.set(buffer, size)
    return buffer
  }
  const destroy = (buffer: GPUBuffer): void => {
    alive.delete(buffer)
    buffer.destroy()
  }
  return {
    create,
    destroy,
    destroyAll: () => {
      for (const buffer of [...alive.keys()]) destroy(buffer)
    },
    memory: () => ({
      buffers: alive.size,
      bytes: [...alive.values()].reduce((sum, bytes) => sum + bytes, 0),
    }),
  }
}
