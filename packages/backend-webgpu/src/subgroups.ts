/**
 * Whether a device's subgroup operations are right: tested on the device itself, by sorting with them.
 */
import type { WeightVectors } from '@laperm/core'
import { syncInto } from '@laperm/core/kernel'
import { makeBuffers, mapModeRead, usage } from './buffers.ts'
import { makeKernels } from './kernels.ts'
import { subgroupExchange } from './wgsl/lane-exchange.ts'

/**
 * One vector that fills a tile, and several that share one. The same shader sorts both, with exchanges at every distance that is possible in a
 * subgroup of any size.
 */
const probedSizes = [
  { length: 1000, count: 1 },
  { length: 100, count: 8 },
] as const

/** Values of a generator modulo 2^16: neighbours differ, many values are equal, zeros of both signs are among them. */
const probeWeights = ({ length, count }: { length: number; count: number }): WeightVectors => {
  const values = new Float32Array(length * count)
  let state = 1
  for (let i = 0; i < values.length; i++) {
    state = (state * 25173 + 13849) % 65536
    values[i] = state % 7 === 0 ? (state % 2 === 0 ? 0 : -0) : (state % 512) - 256
  }
  return { values, length, count }
}

const ascending = ({ length, count }: WeightVectors): WeightVectors => ({
  values: Float32Array.from({ length: length * count }, (_, i) => i),
  length,
  count,
})

/** The results of the device's sorts, one after the other. Error scopes catch what goes wrong. */
const sortOnDevice = async (device: GPUDevice, cases: readonly WeightVectors[]): Promise<Uint32Array> => {
  const buffers = makeBuffers(device)
  const kernels = makeKernels(device, buffers, { exchange: subgroupExchange })
  const bytes = cases.map(({ values }) => values.byteLength)
  const staging = buffers.create(
    bytes.reduce((sum, each) => sum + each, 0),
    usage.mapRead | usage.copyDestination,
  )
  try {
    let offset = 0
    cases.forEach((w, i) => {
      const [from, sorted] = [w, ascending(w)].map(({ values }) =>
        buffers.create(bytes[i], usage.storage, Float32Array.from(values)),
      )
      const result = buffers.create(bytes[i], usage.storage | usage.copySource)
      kernels.order('sync', from, result, w, sorted)
      const encoder = device.createCommandEncoder()
      encoder.copyBufferToBuffer(result, 0, staging, offset, bytes[i])
      device.queue.submit([encoder.finish()])
      offset += bytes[i]
    })
    await staging.mapAsync(mapModeRead)
    return new Uint32Array(staging.getMappedRange().slice(0))
  } finally {
    buffers.destroyAll()
  }
}

const sortByCore = (cases: readonly WeightVectors[]): Uint32Array =>
  Uint32Array.from(
    cases.flatMap((w) => {
      const out = new Float32Array(w.values.length)
      syncInto(ascending(w), w, out)
      return [...new Uint32Array(out.buffer)]
    }),
  )

/**
 * Sort with the device's subgroup operations and compare with core, bit for bit. Compiles one shader; takes milliseconds on a GPU.
 *
 * Never rejects: a device without the feature, one that refuses the shader, one that is lost meanwhile and one that sorts wrongly all give
 * false, and the sorts then go through shared memory alone.
 *
 * @param device any device; nothing of it is kept.
 */
export const provesSubgroups = async (device: GPUDevice): Promise<boolean> => {
  if (!device.features.has('subgroups')) return false
  const cases = probedSizes.map(probeWeights)
  const filters = ['validation', 'out-of-memory', 'internal'] as const
  for (const filter of filters) device.pushErrorScope(filter)
  const lost = device.lost.then(() => undefined)
  const sorted = Promise.race([sortOnDevice(device, cases).catch(() => undefined), lost])
  const failed = filters.map(() => device.popErrorScope().catch(() => 'lost'))
  const [result, ...errors] = await Promise.all([sorted, ...failed])
  if (result === undefined || errors.some((error) => error !== null)) return false
  const expected = sortByCore(cases)
  return result.length === expected.length && result.every((bits, i) => bits === expected[i])
}
