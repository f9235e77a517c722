/**
 * What is checked on a WebGPU device, be it a browser's or Dawn's: functions that give plain data, so that a page can send them back.
 */
import { coreBackend, type WeightVectors } from '@laperm/core'
import { either as E } from 'fp-ts'
import { drawn, sameBits } from '../../../test/devices/drawn.ts'
import { type LawsAsked, type Proof, proveLaws, proveRandomVectors } from '../../../test/devices/prove.ts'
import { makeBuffers, mapModeRead, usage } from '../src/buffers.ts'
import { makeWebGpuBackend, provesSubgroups } from '../src/index.ts'
import { type KernelOptions, makeKernels } from '../src/kernels.ts'
import type { PlanLimits } from '../src/plan.ts'
import { subgroupExchange } from '../src/wgsl/lane-exchange.ts'
import { emulatedExchange } from './emulated-exchange.ts'
import { closeShared, open, share, wanted } from './open-backends.ts'

/** What the device is, or the reason why there is none. */
export const start = async (): Promise<Started> => {
  const made = await makeWebGpuBackend(wanted)()
  if (E.isLeft(made)) return { reason: made.left.reason }
  const { device, subgroups, gpuDevice } = made.right
  const { subgroupMinSize, subgroupMaxSize } = gpuDevice.adapterInfo
  made.right.close()
  const has = gpuDevice.features.has('subgroups')
  return { device, subgroups: { has, used: subgroups, sizes: [subgroupMinSize, subgroupMaxSize] } }
}

/** What a device is, or why there is none. */
export interface Started {
  readonly device?: string
  readonly reason?: string
  readonly subgroups?: { readonly has: boolean; readonly used: boolean; readonly sizes: readonly number[] }
}

/** Why no backend is made where software is not allowed; undefined where there is hardware. */
export const startWithoutSoftware = async (): Promise<string | undefined> => {
  const made = await makeWebGpuBackend()()
  if (E.isLeft(made)) return made.left.reason
  made.right.close()
  return undefined
}

/** The laws, and the authors' results, with or without subgroups. */
export const laws = async ({
  subgroups = false,
  ...asked
}: LawsAsked & { readonly subgroups?: boolean }): Promise<Proof & { uncaught: string[] }> => {
  const { backend, uncaught } = await share(subgroups)
  return { ...(await proveLaws(backend, asked)), uncaught }
}

/** Many random vectors against core. */
export const randomVectors = async ({ vectors, subgroups }: { vectors: number; subgroups: boolean }) => {
  const { backend, uncaught } = await share(subgroups)
  const outcome = await proveRandomVectors(backend, vectors)
  return { ...outcome, uncaught }
}

/**
 * Buffers and bytes before and after a hundred synchronizations, short and merged, and after everything is given back: what other checks
 * have left in the shared backend too.
 */
export const leaks = async ({ subgroups }: { subgroups: boolean }) => {
  const { backend, uncaught } = await share(subgroups)
  const banks = [300, 9000].flatMap((length) => {
    const w = backend.upload({ values: drawn(length * 2), length, count: 2 })
    return [{ w, sorted: backend.sort(w) }]
  })
  const before = backend.memory()
  for (let i = 0; i < 100; i++) {
    const { w, sorted } = banks[i % 10 === 0 ? 1 : 0]
    const result = backend.sync(sorted, w)
    if (i % 10 === 0) await backend.download(result)
    backend.dispose(result)
  }
  await backend.gpuDevice.queue.onSubmittedWorkDone()
  const after = backend.memory()
  return { before, after, closed: await closeShared(subgroups), uncaught }
}

/** Synchronizations one after the other into two banks in turns, against core; and what is refused. */
export const syncsInto = async () => {
  const { backend, uncaught } = await share()
  const wrong: string[] = []
  for (const length of [9, 300, 9000]) {
    const size = { length, count: 3 }
    const first = { values: drawn(length * 3), ...size }
    const sorted = coreBackend.sort({ values: drawn(length * 3).reverse(), ...size })
    const onGpu = backend.upload(sorted)
    let [w, out] = [first, { ...first, values: new Float32Array(length * 3) }].map(backend.upload)
    let expected: WeightVectors = first
    const { buffers } = backend.memory()
    for (let round = 0; round < 3; round++) {
      const written = backend.syncInto(onGpu, w, out)
      ;[w, out] = [written, w]
      expected = coreBackend.sync(sorted, expected)
      if (!sameBits((await backend.download(w)).values, expected.values))
        wrong.push(`${length} round ${round}`)
    }
    // The first merge of a backend makes its scratch, the first call of all its uniforms.
    const grown = backend.memory().buffers - buffers
    if (grown > 3) wrong.push(`${length} left ${grown} buffers`)
    for (const bank of [w, out, onGpu]) backend.dispose(bank)
  }
  const [a, b, c] = [4, 4, 3].map((length) =>
    backend.upload({ values: new Float32Array(length), length, count: 1 }),
  )
  const refusalOf = (action: () => unknown): string => {
    try {
      action()
      return 'nothing was thrown'
    } catch (error) {
      return error instanceof RangeError ? error.message : String(error)
    }
  }
  const refusals = [
    refusalOf(() => backend.syncInto(a, b, b)),
    refusalOf(() => backend.syncInto(a, b, a)),
    refusalOf(() => backend.syncInto(a, b, c)),
    refusalOf(() => backend.syncInto(a, c, b)),
  ]
  return { wrong, refusals, uncaught }
}

/** NaN: where it is found, and how it ranks. */
export const diverged = async () => {
  const { backend } = await share()
  const values = Float32Array.of(1, 2, 3, Number.NaN, 5, Number.NaN, -1, 8, Number.NaN)
  const bank = backend.upload({ values, length: 3, count: 3 })
  const found = await backend.checkNumbers(bank)
  const fine = await backend.checkNumbers(backend.upload({ values: drawn(300), length: 100, count: 3 }))
  const { values: ranks } = await backend.download(backend.rank(bank))
  return { found: E.isLeft(found) ? found.left : null, fine: E.isRight(fine), ranks: [...ranks] }
}

const read = async (device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> => {
  const staging = device.createBuffer({ size: buffer.size, usage: usage.mapRead | usage.copyDestination })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(mapModeRead)
  const values = new Float32Array(staging.getMappedRange().slice(0))
  staging.destroy()
  return values
}

/** Ways in which threads can exchange registers when they sort, and those that a test makes up. */
const exchanges = {
  'shared memory': {},
  subgroups: { exchange: subgroupExchange },
  // Told of one thread more than there is, the shader finds that its subgroups do not hold them all.
  'subgroups that do not fill the workgroup': { exchange: (threads) => subgroupExchange(threads + 1) },
  'emulated subgroups of 8': { exchange: emulatedExchange(8) },
  'emulated subgroups of 32': { exchange: emulatedExchange(32) },
  'emulated subgroups of 128': { exchange: emulatedExchange(128) },
} satisfies Record<string, KernelOptions>

/** What is sorted, under which limits and how. */
export interface LimitsAsked {
  readonly limits?: PlanLimits
  readonly sizes: readonly (readonly [number, number])[]
  readonly exchange?: keyof typeof exchanges
  readonly emits?: readonly ('sort' | 'rank' | 'sync')[]
}

/** Sort, rank and sync as if the device had small limits, so that small sorts take every way that large ones take. */
export const underLimits = async ({
  limits,
  sizes,
  exchange = 'shared memory',
  emits = ['sort', 'rank', 'sync'],
}: LimitsAsked): Promise<{ readonly wrong: readonly string[]; readonly uncaught: readonly string[] }> => {
  const { backend, uncaught } = await open(exchange.startsWith('subgroups'))
  const { gpuDevice: device } = backend
  const buffers = makeBuffers(device)
  const kernels = makeKernels(device, buffers, {
    ...exchanges[exchange],
    ...(limits === undefined ? {} : { limits }),
  })
  const bankUsage = usage.storage | usage.copySource | usage.copyDestination
  const wrong: string[] = []
  for (const [length, count] of sizes) {
    const w: WeightVectors = { values: drawn(length * count), length, count }
    const sorted = coreBackend.sort({ values: drawn(length * count).reverse(), length, count })
    const expected = {
      sort: coreBackend.sort(w),
      rank: coreBackend.rank(w),
      sync: coreBackend.sync(sorted, w),
    }
    const [onGpu, sortedOnGpu] = [w, sorted].map(({ values }) =>
      buffers.create(values.byteLength, bankUsage, Float32Array.from(values)),
    )
    for (const emit of emits) {
      const result = buffers.create(length * count * 4, bankUsage)
      kernels.order(emit, onGpu, result, w, emit === 'sync' ? sortedOnGpu : undefined)
      const values = await read(device, result)
      if (!sameBits(values, expected[emit].values)) wrong.push(`${emit} of ${count} vectors of ${length}`)
      buffers.destroy(result)
    }
    buffers.destroy(onGpu)
    buffers.destroy(sortedOnGpu)
  }
  buffers.destroyAll()
  backend.close()
  return { wrong, uncaught }
}

/** Permuting by ranks and the search for NaN in dispatches that must be folded. */
export const elementwiseUnderLimits = async (limits: PlanLimits) => {
  const { backend, uncaught } = await open()
  const { gpuDevice: device } = backend
  const buffers = makeBuffers(device)
  const kernels = makeKernels(device, buffers, { limits })
  // 2000 weights are 8 workgroups: three rows of three, of which one has nothing to do. The only NaN is in the last row.
  const size = { length: 100, count: 20 }
  const w: WeightVectors = { values: drawn(2000), ...size }
  const [sorted, ranks] = [coreBackend.sort(w), coreBackend.rank(w)]
  const diverged = drawn(2000)
  diverged[1990] = Number.NaN
  const [onGpu, ranksOnGpu, divergedOnGpu] = [sorted.values, ranks.values, diverged].map((values) =>
    buffers.create(values.byteLength, usage.storage, values),
  )
  const result = buffers.create(8000, usage.storage | usage.copySource)
  const found = buffers.create(4, usage.storage | usage.copySource, Uint32Array.of(0xffffffff))
  kernels.permute(onGpu, ranksOnGpu, result, size)
  kernels.findNaN(divergedOnGpu, found, size)
  const permuted = await read(device, result)
  const [place] = new Uint32Array((await read(device, found)).buffer)
  buffers.destroyAll()
  backend.close()
  return { permutes: sameBits(permuted, coreBackend.permute(sorted, ranks).values), place, uncaught }
}

/** A device whose shaders are changed on their way to it; all else is the device's own. */
const withShaders = (device: GPUDevice, change: (code: string) => string): GPUDevice =>
  new Proxy(device, {
    get: (target, name) => {
      if (name === 'createShaderModule')
        return (asked: GPUShaderModuleDescriptor) =>
          target.createShaderModule({ ...asked, code: change(asked.code) })
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

/** What the proof of subgroups says of a device as it is, of broken ones, and of one without them. */
export const subgroupProofs = async () => {
  const { backend, uncaught } = await open(true)
  const { gpuDevice: device } = backend
  const proofs = {
    asItIs: await provesSubgroups(device),
    shufflesGoAstray: await provesSubgroups(
      withShaders(device, (code) => code.replaceAll(', mask)', ', mask ^ 1u)')),
    ),
    refusesTheShader: await provesSubgroups(
      withShaders(device, (code) => code.replace('fn main', 'fn other')),
    ),
  }
  device.destroy()
  const lost = await provesSubgroups(device)
  backend.close()
  const without = await open(false)
  const noFeature = await provesSubgroups(without.backend.gpuDevice)
  without.backend.close()
  return { ...proofs, lost, noFeature, uncaught }
}
