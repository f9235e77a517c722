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
  type ImmediateTensorOperations,
  type WeightVectors,
  type WeightVectorsSize,
} from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { engine, env, type Tensor, type Tensor2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { assertAlive, guarded, racedWithLoss } from './context-loss.ts'
import { findWebGl, type WebGlOptions } from './device.ts'
import { contextOf } from './draw.ts'
import { firstNaNKernel } from './kernels.ts'
import { damagedByTheDevice, flushedByTheDevice } from './probe.ts'
import { makeTensorOperations } from './tensors.ts'
import { refuseOutOfMemory } from './work-textures.ts'

/** What this backend is besides a {@link Backend}. */
export interface WebGlBackend extends Backend<Tensor2D> {
  readonly name: 'webgl'
  /** The same operations on tensors of any rank, for those who have tfjs variables already. */
  readonly tensors: ImmediateTensorOperations<Tensor>
  /**
   * The first NaN of a bank, if it has one. Operations never throw on NaN (that would need a read-back): they rank it last, in index
   * order. Reads one number a vector back.
   */
  readonly checkNumbers: (bank: Tensor2D) => Promise<E.Either<Diverged, Tensor2D>>
}

/** A result as a tensor that tfjs's engine knows. */
const matrixOf = (gpu: MathBackendWebGL, { dataId, shape: [length, count] }: TensorInfo): Tensor2D =>
  engine().makeTensorFromTensorInfo({ dataId, shape: [length, count], dtype: 'float32' }, gpu) as Tensor2D

const sizeOf = (bank: Tensor2D): WeightVectorsSize => ({ length: bank.shape[0], count: bank.shape[1] })

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

const upload = (gpu: MathBackendWebGL, { values, length, count }: WeightVectors): Tensor2D =>
  guarded(gpu, () => {
    // A copy: tfjs keeps the array itself until it is uploaded, and the caller may write to it before.
    const bank = matrixOf(gpu, gpu.makeTensorInfo([length, count], 'float32', values.slice()))
    if (values.length === 0) return bank
    const bytesBefore = gpu.getTextureManager().numBytesAllocated
    try {
      gpu.texData.get(bank.dataId).isPacked = mustBePacked({ length, count })
      gpu.uploadToGPU(bank.dataId)
      if (gpu.getTextureManager().numBytesAllocated > bytesBefore) refuseOutOfMemory(contextOf(gpu), 'a bank')
    } catch (error) {
      bank.dispose()
      throw error
    }
    return bank
  })

const download = async (gpu: MathBackendWebGL, bank: Tensor2D): Promise<WeightVectors> => {
  assertAlive(gpu)
  const values = await racedWithLoss(gpu, bank.data())
  return { values: Float32Array.from(values), ...sizeOf(bank) }
}

const makeFor = (gpu: MathBackendWebGL, keepsSubnormals: boolean): WebGlBackend => {
  const tensors = makeTensorOperations(gpu, keepsSubnormals)
  return {
    ...tensors,
    name: 'webgl',
    tensors,
    upload: (w) => upload(gpu, w),
    download: (bank) => download(gpu, bank),
    dispose: (bank) => bank.dispose(),
    // The WebGL context is tfjs's.
    close: () => {},
    checkNumbers: async (bank) => {
      const { length, count } = sizeOf(bank)
      if (length * count === 0) return E.right(bank)
      const rows = guarded(gpu, () => matrixOf(gpu, firstNaNKernel(gpu, bank, { length, count })))
      const { values } = await download(gpu, rows).finally(() => rows.dispose())
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
 * The backend first sends a few hundred bit patterns through the device; a device that changes the bits of a normal number is refused. tfjs's active
 * backend is not changed.
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
    TE.mapLeft((reason) => backendUnavailable('webgl', reason, { kind: 'otherBackend' })),
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
        TE.mapLeft((reason) => backendUnavailable('webgl', reason, { kind: 'otherBackend' })),
      ),
    ),
  )
