/**
 * The `Backend` of `@laperm/core` on WebGL 2: banks are tfjs tensors of shape `[length, count]`.
 */
import {
  type Backend,
  type BackendUnavailable,
  backendUnavailable,
  DeviceFaultError,
  type Diverged,
  diverged,
  type WeightVectors,
  type WeightVectorsSize,
} from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { engine, env, type Tensor2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { findWebGl, rendererOf, type WebGlOptions } from './device.ts'
import { contextOf } from './draw.ts'
import { firstNaNKernel, permuteKernel, rankKernel, sortKernel, syncKernel } from './kernels.ts'
import { damagedByTheDevice, flushedByTheDevice } from './probe.ts'
import { refuseOutOfMemory } from './work-textures.ts'

/** What this backend is besides a {@link Backend}. */
export interface WebGlBackend extends Backend<Tensor2D> {
  readonly name: 'webgl'
  /**
   * The first NaN of a bank, if it has one. Operations never throw on NaN (that would need a read-back): they rank it last, in index
   * order. Reads one number a vector back.
   */
  readonly checkNumbers: (bank: Tensor2D) => Promise<E.Either<Diverged, Tensor2D>>
}

const sizeOf = (bank: Tensor2D): WeightVectorsSize => ({ length: bank.shape[0], count: bank.shape[1] })

const sameSize = (what: string, a: Tensor2D, b: Tensor2D): WeightVectorsSize => {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1])
    throw new RangeError(`${what}: expected banks of one size, got [${a.shape}] and [${b.shape}]`)
  return sizeOf(a)
}

/**
 * Whether a matrix fits a texture only with two rows of two columns a texel, tfjs's packed layout: four times as many weights as without.
 *
 * @throws DeviceFaultError where it does not fit even so: a bank is one tensor, and a tensor is one texture.
 */
const mustBePacked = ({ length, count }: WeightVectorsSize): boolean => {
  const side = env().getNumber('WEBGL_MAX_TEXTURE_SIZE')
  if (length * count <= side * side) return false
  const needed = Math.ceil(length / 2) * Math.ceil(count / 2)
  if (needed <= side * side) return true
  throw new DeviceFaultError({
    _tag: 'DeviceLimitExceeded',
    backend: 'webgl',
    limit: 'MAX_TEXTURE_SIZE squared, in texels of two rows of two columns,',
    allowed: side * side,
    needed,
    isOneVector: count === 1,
  })
}

const makeOperations = (gpu: MathBackendWebGL) => {
  /** A lost context turns every WebGL call into a silent no-op, so it must be asked before and after. */
  const alive = (): void => {
    if (gpu.gpgpu.gl.isContextLost())
      throw new DeviceFaultError({
        _tag: 'DeviceLost',
        backend: 'webgl',
        reason: 'the WebGL context was lost',
      })
  }
  const bankOf = (info: TensorInfo, { length, count }: WeightVectorsSize): Tensor2D =>
    engine().makeTensorFromTensorInfo(
      { dataId: info.dataId, shape: [length, count], dtype: 'float32' },
      gpu,
    ) as Tensor2D
  const guarded = <A>(action: () => A): A => {
    alive()
    try {
      return action()
    } catch (error) {
      alive()
      throw error
    }
  }
  const upload = ({ values, length, count }: WeightVectors): Tensor2D =>
    guarded(() => {
      // tfjs keeps the array itself until it is uploaded: a copy, so that what the caller does to it later cannot matter.
      const bank = bankOf(gpu.makeTensorInfo([length, count], 'float32', values.slice()), { length, count })
      if (values.length === 0) return bank
      const bytesBefore = gpu.getTextureManager().numBytesAllocated
      try {
        gpu.texData.get(bank.dataId).isPacked = mustBePacked({ length, count })
        gpu.uploadToGPU(bank.dataId)
        if (gpu.getTextureManager().numBytesAllocated > bytesBefore)
          refuseOutOfMemory(contextOf(gpu), 'a bank')
      } catch (error) {
        bank.dispose()
        throw error
      }
      return bank
    })
  const download = async (bank: Tensor2D): Promise<WeightVectors> => {
    alive()
    // A fence of a lost context never resolves; tfjs polls it for ever.
    const values = await racedWithLoss(gpu, bank.data())
    return { values: Float32Array.from(values), ...sizeOf(bank) }
  }
  return { guarded, bankOf, upload, download }
}

/** Reject as soon as the context is lost, instead of waiting for a fence that will never come. */
const racedWithLoss = <A>(gpu: MathBackendWebGL, result: Promise<A>): Promise<A> => {
  let timer: ReturnType<typeof setInterval> | undefined
  const lost = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (gpu.gpgpu.gl.isContextLost())
        reject(
          new DeviceFaultError({
            _tag: 'DeviceLost',
            backend: 'webgl',
            reason: 'the WebGL context was lost while weights were read back',
          }),
        )
    }, 50)
  })
  return Promise.race([result, lost]).finally(() => clearInterval(timer))
}

const makeFor = (gpu: MathBackendWebGL, keepsSubnormals: boolean): WebGlBackend => {
  const { guarded, bankOf, upload, download } = makeOperations(gpu)
  return {
    name: 'webgl',
    device: rendererOf(gpu),
    refusesNaN: false,
    keepsSubnormals,
    upload,
    download,
    sort: (w) => guarded(() => bankOf(sortKernel(gpu, w, sizeOf(w)), sizeOf(w))),
    rank: (w) => guarded(() => bankOf(rankKernel(gpu, w, sizeOf(w)), sizeOf(w))),
    permute: (sorted, ranks) => {
      const size = sameSize('permute', sorted, ranks)
      return guarded(() => bankOf(permuteKernel(gpu, sorted, ranks, size), size))
    },
    sync: (sorted, w) => {
      const size = sameSize('sync', sorted, w)
      return guarded(() => bankOf(syncKernel(gpu, sorted, w, size), size))
    },
    dispose: (bank) => bank.dispose(),
    // The WebGL context is tfjs's.
    close: () => {},
    checkNumbers: async (bank) => {
      const { length, count } = sizeOf(bank)
      if (length * count === 0) return E.right(bank)
      const rows = guarded(() => bankOf(firstNaNKernel(gpu, bank, { length, count }), { length: 1, count }))
      const { values } = await download(rows).finally(() => rows.dispose())
      let vector = -1
      for (let j = 0; j < count; j++)
        if (values[j] >= 0 && (vector < 0 || values[j] < values[vector])) vector = j
      return vector < 0 ? E.right(bank) : E.left(diverged('', vector, values[vector]))
    },
  }
}

/**
 * LaPerm's operations on WebGL 2 through tfjs, with data that never leaves the GPU.
 *
 * Before it is handed out the backend sends a few hundred bit patterns through the device; one that does not give normal numbers back
 * bit for bit is refused. tfjs's active backend is not changed.
 *
 * @returns `Left(BackendUnavailable)` where there is no WebGL 2, no 32-bit float texture, or only a software renderer that was not allowed.
 * @example
 * const webgl = await makeWebGlBackend()()
 */
export const makeWebGlBackend = (
  options: WebGlOptions = {},
): TE.TaskEither<BackendUnavailable, WebGlBackend> =>
  F.pipe(
    TE.fromEither(E.tryCatch(() => findWebGl(options), String)),
    TE.mapLeft((reason) => backendUnavailable('webgl', reason, 'Use @laperm/backend-wasm on this device')),
    TE.flatMap(TE.fromEither),
    TE.flatMap((gpu) =>
      F.pipe(
        TE.tryCatch(
          async () => {
            const backend = makeFor(gpu, true)
            const damaged = await damagedByTheDevice(backend)
            return damaged === undefined
              ? E.right(makeFor(gpu, !(await flushedByTheDevice(backend))))
              : E.left(`the device changes numbers: ${damaged}`)
          },
          (error) => (error instanceof Error ? error.message : String(error)),
        ),
        TE.flatMap(TE.fromEither),
        TE.mapLeft((reason) =>
          backendUnavailable('webgl', reason, 'Use @laperm/backend-wasm on this device'),
        ),
      ),
    ),
  )
