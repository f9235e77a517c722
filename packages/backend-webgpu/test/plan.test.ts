import { DeviceFaultError } from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { makeBuffers, usage } from '../src/buffers.ts'
import { foldWorkgroups, largestTile, planElementwise, planSort } from '../src/plan.ts'

/** What every WebGPU device has at least. */
const limits = {
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 134217728,
}

describe('the plan of a sort', () => {
  test('a tile is 2048 pairs of 8 bytes, or less where shared memory is smaller than 16384 bytes', () => {
    expect(largestTile(limits)).toBe(2048)
    expect(largestTile({ ...limits, maxComputeWorkgroupStorageSize: 49152 })).toBe(2048)
    expect(largestTile({ ...limits, maxComputeWorkgroupStorageSize: 12000 })).toBe(1024)
  })

  test('short vectors share workgroups: 512 vectors of 9 weights, padded to 16, are 64 to a tile of 1024', () => {
    const { tile, stages, scratchPairs } = planSort({ length: 9, count: 512 }, limits)
    expect([tile, stages.length, scratchPairs]).toEqual([1024, 1, 0])
    expect(stages[0].workgroups).toEqual([8, 1])
    expect(stages[0].uniforms).toMatchObject({ padded: 16, interleaveLog: 6, groups: 8 })
  })

  test('a vector that fills shared memory has a workgroup of its own', () => {
    const { stages } = planSort({ length: 2048, count: 10 }, limits)
    expect(stages).toHaveLength(1)
    expect(stages[0]).toMatchObject({ last: true, workgroups: [10, 1] })
  })

  test('4608 weights are three tiles of 2048 and two merges, of which the last writes the result', () => {
    const { stages, scratchPairs } = planSort({ length: 4608, count: 2 }, limits)
    expect(stages.map(({ kind, last, uniforms }) => [kind, last, uniforms.run])).toEqual([
      ['tiles', false, 2048],
      ['merge', false, 2048],
      ['merge', true, 4096],
    ])
    expect(stages[0].workgroups).toEqual([6, 1])
    expect(scratchPairs).toBe(9216)
  })

  test('vectors that do not fit the scratch together are sorted in groups that cover each of them once', () => {
    const small = { ...limits, maxStorageBufferBindingSize: 8 * 11000 }
    const { stages, scratchPairs } = planSort({ length: 3000, count: 7 }, small)
    expect(scratchPairs).toBe(9000)
    expect(
      stages.filter(({ last }) => last).map(({ uniforms }) => [uniforms.firstVector, uniforms.vectors]),
    ).toEqual([
      [0, 3],
      [3, 3],
      [6, 1],
    ])
  })

  test('a vector whose pairs fit no buffer is refused by the name of the limit', () => {
    const small = { ...limits, maxStorageBufferBindingSize: 8 * 2999 }
    expect(() => planSort({ length: 3000, count: 1 }, small)).toThrow(/maxStorageBufferBindingSize is 23992/)
  })

  test('weights that no binding can hold are refused by the name of the limit, and as many as it holds are not', () => {
    // 9 * 100 weights of 4 bytes are 3600 bytes.
    const size = { length: 9, count: 100 }
    for (const plan of [planSort, planElementwise]) {
      expect(() => plan(size, { ...limits, maxStorageBufferBindingSize: 3600 })).not.toThrow()
      expect(() => plan(size, { ...limits, maxStorageBufferBindingSize: 3596 })).toThrow(
        /maxStorageBufferBindingSize is 3596, but 3600 is needed/,
      )
    }
  })

  test('a vector that is too long alone is told apart from a variable that is too large', () => {
    const small = { ...limits, maxStorageBufferBindingSize: 40_000 }
    const refused = (length: number, count: number) => () => planSort({ length, count }, small)
    expect(refused(5000, 3)).toThrow(/60000 is needed\. Split the variable/)
    // Bound it would be, but pairs of a weight and its index take twice as much.
    expect(refused(5001, 1)).toThrow(/40008 is needed for a single weight vector\. Use another backend\./)
    expect(refused(10_001, 2)).toThrow(/40004 is needed for a single weight vector/)
  })

  test('a thread a weight: 65535 workgroups of 256 in one row, one weight more begins a second', () => {
    const most = 65535 * 256
    const device = { ...limits, maxStorageBufferBindingSize: 2 ** 30 }
    expect(planElementwise({ length: most, count: 1 }, device).workgroups).toEqual([65535, 1])
    expect(planElementwise({ length: most + 1, count: 1 }, device).workgroups).toEqual([65535, 2])
    const narrow = { ...device, maxComputeWorkgroupsPerDimension: 3 }
    expect(() => planElementwise({ length: 9 * 256 + 1, count: 1 }, narrow)).toThrow(
      /maxComputeWorkgroupsPerDimension squared is 9, but 10 is needed/,
    )
  })

  test('more workgroups than one dimension allows are folded into two', () => {
    expect(foldWorkgroups(65535, limits)).toEqual([65535, 1])
    expect(foldWorkgroups(65536, limits)).toEqual([65535, 2])
    expect(foldWorkgroups(65535 * 65535 + 1, limits)).toBeUndefined()
  })
})

test('a buffer beyond a limit of the device is refused before it is asked for', () => {
  const device = { limits: { maxBufferSize: 1000, maxStorageBufferBindingSize: 500 } } as unknown as GPUDevice
  const buffers = makeBuffers(device)
  const faultOf = (bytes: number, usageBits: number) => {
    try {
      buffers.create(bytes, usageBits)
      return undefined
    } catch (error) {
      return error instanceof DeviceFaultError ? error.fault : error
    }
  }
  expect(faultOf(1004, usage.copySource)).toMatchObject({
    limit: 'maxBufferSize',
    allowed: 1000,
    needed: 1004,
  })
  expect(faultOf(504, usage.storage)).toMatchObject({ limit: 'maxStorageBufferBindingSize', allowed: 500 })
})
