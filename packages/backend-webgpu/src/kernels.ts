/**
 * The four operations as dispatches on buffers of the caller. The backend and the operations on tfjs's tensors both use them.
 *
 * Nothing is awaited and nothing is read back: a call encodes its dispatches into one command buffer and submits it.
 */
import type { WeightVectorsSize } from '@laperm/core'
import { type Buffers, usage } from './buffers.ts'
import type { Health } from './health.ts'
import { type PlanLimits, planElementwise, planSort, type Stage } from './plan.ts'
import { type Uniforms, uniformWords } from './wgsl/dispatch.ts'
import { firstNaN, permuteByRanks } from './wgsl/elementwise.ts'
import type { Emit } from './wgsl/emit.ts'
import { type LaneExchange, noExchange } from './wgsl/lane-exchange.ts'
import { mergeRuns } from './wgsl/merge-runs.ts'
import { sortTiles, threadsOf } from './wgsl/sort-tiles.ts'

/** The operations on buffers of `length * count` 32-bit values each, row-major. A result must be another buffer than every input. */
export interface Kernels {
  /** Sort, rank, or synchronize by `w`; `sorted` is read for `sync` only. */
  readonly order: (
    emit: Emit,
    w: GPUBuffer,
    result: GPUBuffer,
    size: WeightVectorsSize,
    sorted?: GPUBuffer,
  ) => void
  readonly permute: (sorted: GPUBuffer, ranks: GPUBuffer, result: GPUBuffer, size: WeightVectorsSize) => void
  /** Lower the number in `found` to the row-major position of the first NaN. */
  readonly findNaN: (w: GPUBuffer, found: GPUBuffer, size: WeightVectorsSize) => void
  /** Free the scratch of merges and the uniforms; they are made again when next needed. */
  readonly releaseScratch: () => void
}

/** How the kernels are made. */
export interface KernelOptions {
  /**
   * Limits to plan for, at most the device's own; smaller ones make small sorts take the code path of large ones. Default: the device's.
   */
  readonly limits?: PlanLimits
  /** How threads exchange registers when they sort, for a workgroup of that many threads. Default: through shared memory alone. */
  readonly exchange?: (threads: number) => LaneExchange
}

/** A dispatch that is ready to be encoded. */
interface Dispatch {
  readonly pipeline: GPUComputePipeline
  /** Bindings 1, 2 and so on; binding 0 is the uniforms. */
  readonly buffers: readonly GPUBuffer[]
  readonly uniforms: Uniforms
  readonly workgroups: readonly [number, number]
}

/** Free scratch that the device had no memory for; kept, it would fail every later merge. */
export const releaseFailedScratch = (kernels: Kernels, health: Health): void => {
  void health.then((fault) => {
    if (fault?._tag === 'DeviceOutOfMemory') kernels.releaseScratch()
  })
}

/**
 * Kernels of one device. Pipelines are compiled when first needed and kept; scratch for merges and the uniforms' buffer are kept at their
 * largest size.
 *
 * @param buffers owner of the scratch and of the uniforms.
 */
export const makeKernels = (
  device: GPUDevice,
  buffers: Buffers,
  { limits = device.limits, exchange = () => noExchange }: KernelOptions = {},
): Kernels => {
  const pipelines = new Map<string, GPUComputePipeline>()
  const pipeline = (name: string, code: () => string): GPUComputePipeline => {
    const known = pipelines.get(name)
    if (known !== undefined) return known
    const module = device.createShaderModule({ label: name, code: code() })
    const made = device.createComputePipeline({
      label: name,
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    })
    pipelines.set(name, made)
    return made
  }

  // A buffer may be destroyed while submitted work still uses it: the device frees it afterwards. The reference is cleared first, because making
  // the next buffer may throw, and a destroyed buffer must not be used again.
  let scratch: readonly GPUBuffer[] = []
  const releasePairs = (): void => {
    for (const buffer of scratch) buffers.destroy(buffer)
    scratch = []
  }
  let uniformBuffer: GPUBuffer | undefined
  const releaseUniforms = (): void => {
    if (uniformBuffer !== undefined) buffers.destroy(uniformBuffer)
    uniformBuffer = undefined
  }
  const scratchOf = (pairs: number): readonly GPUBuffer[] => {
    if (pairs === 0 || (scratch.length > 0 && scratch[0].size >= pairs * 8)) return scratch
    releasePairs()
    scratch = [buffers.create(pairs * 8, usage.storage), buffers.create(pairs * 8, usage.storage)]
    return scratch
  }

  /** One buffer for all calls: writes are in order with submissions, so an earlier call has read its uniforms before they are overwritten. */
  const writeUniforms = (words: Uint32Array<ArrayBuffer>): GPUBuffer => {
    if (uniformBuffer === undefined || uniformBuffer.size < words.byteLength) {
      releaseUniforms()
      uniformBuffer = buffers.create(words.byteLength, usage.uniform | usage.copyDestination)
    }
    device.queue.writeBuffer(uniformBuffer, 0, words)
    return uniformBuffer
  }

  const submit = (dispatches: readonly Dispatch[]): void => {
    const stride = device.limits.minUniformBufferOffsetAlignment
    const words = new Uint32Array((stride / 4) * dispatches.length)
    dispatches.forEach(({ uniforms }, i) => {
      words.set(uniformWords(uniforms), (i * stride) / 4)
    })
    const buffer = writeUniforms(words)
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    dispatches.forEach((dispatch, i) => {
      const uniformBinding = { buffer, offset: i * stride, size: 64 }
      pass.setPipeline(dispatch.pipeline)
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: dispatch.pipeline.getBindGroupLayout(0),
          entries: [
            { binding: 0, resource: uniformBinding },
            ...dispatch.buffers.map((each, j) => ({ binding: j + 1, resource: { buffer: each } })),
          ],
        }),
      )
      pass.dispatchWorkgroups(...dispatch.workgroups)
    })
    pass.end()
    device.queue.submit([encoder.finish()])
  }

  const order: Kernels['order'] = (emit, w, result, size, sorted) => {
    if (size.length * size.count === 0) return
    const plan = planSort(size, limits)
    const pairs = scratchOf(plan.scratchPairs)
    const lastOutputs = sorted === undefined ? [result] : [result, sorted]
    let merges = 0
    const dispatchOf = ({ kind, last, uniforms, workgroups }: Stage): Dispatch => {
      const written = last ? emit : 'pairs'
      if (kind === 'tiles') merges = 0
      const from = kind === 'tiles' ? w : pairs[(merges - 1) % 2]
      const to = last ? undefined : pairs[merges % 2]
      merges++
      return {
        pipeline:
          kind === 'tiles'
            ? pipeline(`sort tiles of ${plan.tile}, ${written}`, () =>
                sortTiles(written, plan.tile, exchange(threadsOf(plan.tile))),
              )
            : pipeline(`merge runs, ${written}`, () => mergeRuns(written)),
        buffers: [from, ...(last ? lastOutputs : [to])].filter((buffer) => buffer !== undefined),
        uniforms,
        workgroups,
      }
    }
    submit(plan.stages.map(dispatchOf))
  }

  return {
    order,
    releaseScratch: () => {
      releasePairs()
      releaseUniforms()
    },
    permute: (sorted, ranks, result, size) => {
      if (size.length * size.count === 0) return
      submit([
        {
          pipeline: pipeline('permute', () => permuteByRanks),
          buffers: [ranks, result, sorted],
          ...planElementwise(size, limits),
        },
      ])
    },
    findNaN: (w, found, size) => {
      if (size.length * size.count === 0) return
      submit([
        {
          pipeline: pipeline('first NaN', () => firstNaN),
          buffers: [w, found],
          ...planElementwise(size, limits),
        },
      ])
    },
  }
}
