import { describe, expect, test } from 'vitest'
import { type DeviceFault, DeviceFaultError, renderDeviceFault } from '../src/errors/device-fault.ts'

describe('a fault of a device', () => {
  const tooLarge = {
    _tag: 'DeviceLimitExceeded',
    backend: 'webgpu',
    limit: 'maxBufferSize',
    allowed: 1000,
    needed: 1004,
  } as const

  test('names the limit, what it allows, what was needed and what to do', () => {
    expect(renderDeviceFault(tooLarge)).toBe(
      'Backend webgpu: maxBufferSize is 1000, but 1004 is needed. Split the variable by its last axis, or use another backend.',
    )
  })

  test('does not advise to split what a single weight vector needs', () => {
    expect(renderDeviceFault({ ...tooLarge, isOneVector: true })).toBe(
      'Backend webgpu: maxBufferSize is 1000, but 1004 is needed for a single weight vector. Use another backend.',
    )
  })

  test('of every kind says which backend, why, and ends with advice', () => {
    const faults: readonly DeviceFault[] = [
      { _tag: 'DeviceLost', backend: 'webgl', reason: 'the driver was reset' },
      { _tag: 'DeviceOutOfMemory', backend: 'webgl', reason: 'the driver was reset' },
      { _tag: 'DeviceRejected', backend: 'webgl', reason: 'the driver was reset' },
    ]
    for (const fault of faults)
      expect(renderDeviceFault(fault)).toMatch(/^Backend webgl.*: the driver was reset\. .+\.$/)
  })

  test('is carried by an error that shows it to people and keeps it for programs', () => {
    const fault: DeviceFault = { _tag: 'DeviceLost', backend: 'webgl', reason: 'it was destroyed' }
    const error = new DeviceFaultError(fault)
    expect(error).toBeInstanceOf(Error)
    expect(error.fault).toBe(fault)
    expect(error.message).toBe(renderDeviceFault(fault))
  })
})
