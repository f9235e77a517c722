/**
 * The `Backend` of `@laperm/core` on WebGPU: banks are storage buffers, in browsers and in Node.
 */
import {
  type Backend,
  type BackendUnavailable,
  DeviceFaultError,
  type Diverged,
  diverged,
  type WeightVectors,
  type WeightVectorsSize,
} from '@laperm/core'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { type Buffers, type DeviceMemory, makeBuffers, mapModeRead, usage } from './buffers.ts'
import { type FoundDevice, findDevice, type WebGpuOptions } from './device.ts'
import { type DeviceWatch, firstFault, type Health, watchDevice } from './health.ts'
import { type Kernels, makeKernels, releaseFailedScratch } from './kernels.ts'
import { provesSubgroups } from './subgroups.ts'
import type { Emit } from './wgsl/emit.ts'
import { subgroupExchange } from './wgsl/lane-exchange.ts'

/** Weight vectors in a storage buffer of `length * count` float32 values, row-major. */
export interface WebGpuBank extends WeightVectorsSize {
  readonly buffer: GPUBuffer
  /** The first fault of the device on the way to this bank, or null; `download` rejects with it. */
  readonly health: Health
}

/** What this backend is besides a {@link Backend}. */
export interface WebGpuBackend extends Backend<WebGpuBank> {
  readonly name: 'webgpu'
  /** The device that its banks are on. */
  readonly gpuDevice: GPUDevice
  /** Whether its sorts use the device's subgroup operations: it has them, and they proved right when the backend was made. */
  readonly subgroups: boolean
  /**
   * {@link Backend.sync} into a bank of the caller. Nothing is allocated: to allocate a large buffer can take as long as the sort.
   *
   * @param out a bank of the same size, other than `sorted` and `w`; its weights are lost.
   * @returns what `out` has become; it takes the place of `out`, with whose buffer it is disposed of.
   * @throws RangeError where the sizes differ or `out` is one of the inputs, before anything is written.
   */
  readonly syncInto: (sorted: WebGpuBank, w: WebGpuBank, out: WebGpuBank) => WebGpuBank
  /** What this backend holds on the device at the moment: banks, scratch for merges, and uniforms. */
  readonly memory: () => DeviceMemory
  /**
   * The first NaN of a bank in row-major order, if it has one. Operations never throw on NaN (that would need a read-back): they rank it
   * last, in index order. Reads one number back.
   */
  readonly checkNumbers: (bank: WebGpuBank) => Promise<E.Either<Diverged, WebGpuBank>>
}

const bankUsage = usage.storage | usage.copySource | usage.copyDestination
const noNaN = 0xffffffff

const sameSize = (what: string, a: WebGpuBank, b: WebGpuBank): WeightVectorsSize => {
  if (a.length !== b.length || a.count !== b.count)
    throw new RangeError(
      `${what}: expected banks of one size, got [${a.length}, ${a.count}] and [${b.length}, ${b.count}]`,
    )
  return { length: a.length, count: a.count }
}

/** The parts of one backend. */
interface Parts {
  readonly device: GPUDevice
  readonly buffers: Buffers
  readonly kernels: Kernels
  readonly watch: DeviceWatch
}

/** Write over a bank of the caller's by commands that read other banks. */
const computeInto = (
  { kernels, watch }: Parts,
  out: WebGpuBank,
  inputs: readonly WebGpuBank[],
  commands: (result: GPUBuffer) => void,
): WebGpuBank => {
  if (inputs.some(({ buffer }) => buffer === out.buffer))
    throw new RangeError('out: expected another bank than the inputs, which are read while it is written')
  watch.assertAlive()
  const [, health] = watch.watched(() => commands(out.buffer))
  releaseFailedScratch(kernels, health)
  return { ...out, health: firstFault(...inputs.map((bank) => bank.health), health) }
}

/** A new bank, written by commands that may read other banks. */
const compute = (
  { buffers, kernels, watch }: Parts,
  { length, count }: WeightVectorsSize,
  inputs: readonly WebGpuBank[],
  commands: (result: GPUBuffer) => void,
): WebGpuBank => {
  watch.assertAlive()
  const [buffer, health] = watch.watched(() => {
    const result = buffers.create(length * count * 4, bankUsage, undefined, count === 1)
    try {
      commands(result)
    } catch (error) {
      buffers.destroy(result)
      throw error
    }
    return result
  })
  releaseFailedScratch(kernels, health)
  return { buffer, length, count, health: firstFault(...inputs.map((bank) => bank.health), health) }
}

const upload = ({ buffers, watch }: Parts, { values, length, count }: WeightVectors): WebGpuBank => {
  if (values.length !== length * count)
    throw new RangeError(`values: expected length * count = ${length * count} weights, got ${values.length}`)
  watch.assertAlive()
  const [buffer, health] = watch.watched(() =>
    buffers.create(values.byteLength, bankUsage, values.length === 0 ? undefined : values, count === 1),
  )
  return { buffer, length, count, health }
}

/**
 * Copy a buffer's first bytes back to the CPU, unless something went wrong on the way to it.
 *
 * Health and mapping are awaited together, since each is a round trip to the device.
 */
const readBack = async (
  { device, buffers, watch }: Parts,
  source: GPUBuffer,
  bytes: number,
  sourceHealth: Health,
): Promise<ArrayBuffer> => {
  watch.assertAlive()
  const [staging, health] = watch.watched(() => {
    const staging = buffers.create(bytes, usage.mapRead | usage.copyDestination)
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(source, 0, staging, 0, bytes)
    device.queue.submit([encoder.finish()])
    return staging
  })
  try {
    // Copied out as soon as it is mapped: a device that is lost while health is awaited unmaps it.
    const mapped = staging.mapAsync(mapModeRead).then(
      () => ({ read: staging.getMappedRange().slice(0) }),
      (error: unknown) => ({ error }),
    )
    const [fault, outcome] = await watch.orLost(Promise.all([firstFault(sourceHealth, health), mapped]))
    if (fault !== null) throw new DeviceFaultError(fault)
    return 'read' in outcome ? outcome.read : await watch.orLost(Promise.reject(outcome.error))
  } finally {
    buffers.destroy(staging)
  }
}

const download = async (parts: Parts, bank: WebGpuBank): Promise<WeightVectors> => {
  const { length, count } = bank
  parts.watch.assertAlive()
  const bytes = length * count * 4
  const values =
    bytes === 0
      ? new Float32Array(0)
      : new Float32Array(await readBack(parts, bank.buffer, bytes, bank.health))
  return { values, length, count }
}

const checkNumbers = async (parts: Parts, bank: WebGpuBank): Promise<E.Either<Diverged, WebGpuBank>> => {
  const { buffers, kernels, watch } = parts
  watch.assertAlive()
  const [found, health] = watch.watched(() => {
    const found = buffers.create(4, bankUsage, Uint32Array.of(noNaN))
    kernels.findNaN(bank.buffer, found, bank)
    return found
  })
  try {
    const [at] = new Uint32Array(await readBack(parts, found, 4, firstFault(bank.health, health)))
    return at === noNaN ? E.right(bank) : E.left(diverged('', at % bank.count, Math.floor(at / bank.count)))
  } finally {
    buffers.destroy(found)
  }
}

const makeFor = ({ device, description, owned }: FoundDevice, subgroups: boolean): WebGpuBackend => {
  const buffers = makeBuffers(device)
  const kernels = makeKernels(device, buffers, subgroups ? { exchange: subgroupExchange } : {})
  const parts: Parts = { device, buffers, kernels, watch: watchDevice(device) }
  const ordered = (emit: Emit, w: WebGpuBank, sorted?: WebGpuBank): WebGpuBank =>
    compute(parts, w, sorted === undefined ? [w] : [sorted, w], (result) =>
      parts.kernels.order(emit, w.buffer, result, w, sorted?.buffer),
    )
  return {
    name: 'webgpu',
    device: subgroups ? `${description}, with subgroups` : description,
    refusesNaN: false,
    keepsSubnormals: true,
    gpuDevice: device,
    subgroups,
    upload: (w) => upload(parts, w),
    download: (bank) => download(parts, bank),
    sort: (w) => ordered('sort', w),
    rank: (w) => ordered('rank', w),
    sync: (sorted, w) => {
      sameSize('sync', sorted, w)
      return ordered('sync', w, sorted)
    },
    syncInto: (sorted, w, out) => {
      sameSize('syncInto', sorted, w)
      sameSize('syncInto', w, out)
      return computeInto(parts, out, [sorted, w], (result) =>
        kernels.order('sync', w.buffer, result, w, sorted.buffer),
      )
    },
    permute: (sorted, ranks) => {
      const size = sameSize('permute', sorted, ranks)
      return compute(parts, size, [sorted, ranks], (result) =>
        parts.kernels.permute(sorted.buffer, ranks.buffer, result, size),
      )
    },
    dispose: (bank) => buffers.destroy(bank.buffer),
    memory: buffers.memory,
    checkNumbers: (bank) => checkNumbers(parts, bank),
    // A device of the caller is not destroyed.
    close: () => {
      buffers.destroyAll()
      if (owned) device.destroy()
    },
  }
}

/**
 * LaPerm's operations on WebGPU: the browser's device, Dawn's in Node, or the caller's.
 *
 * @param options a device of the caller's, or how to look for one.
 * @returns `Left(BackendUnavailable)` where there is none, or only a software adapter that was not allowed.
 * @example
 * const webgpu = await makeWebGpuBackend()()
 */
export const makeWebGpuBackend = (
  options: WebGpuOptions = {},
): TE.TaskEither<BackendUnavailable, WebGpuBackend> =>
  F.pipe(
    findDevice(options),
    TE.chainTaskK((found) => async () => {
      const subgroups = options.subgroups !== false && (await provesSubgroups(found.device))
      return makeFor(found, subgroups)
    }),
  )
