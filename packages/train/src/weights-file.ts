/** What `weights.safetensors` and `best.safetensors` hold: a network's parameters and the step at which they were current. */
import type { Params } from '@laperm/core'
import type { ParameterSpec } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { CorruptFile } from './errors.ts'
import { fromTensors, toTensors } from './parameter-tensors.ts'
import { decodeSafetensors, safetensorsPieces } from './safetensors.ts'
import { joinPieces, type Tensor } from './safetensors-format.ts'

/** A weights file's bytes in pieces that view the weights. The step says after which training step these weights were current. */
export const weightsPieces = (params: Params, step: number): readonly Uint8Array[] =>
  safetensorsPieces(toTensors(params), { format: 'laperm-weights/1', step: String(step) })

/** A weights file's bytes. The step says after which training step these weights were current. */
export const encodeWeights = (params: Params, step: number): Uint8Array =>
  joinPieces(weightsPieces(params, step))

/** Read a weights file for a model. @returns `Left(CorruptFile)` when it is damaged or of another model. */
export const decodeWeights = (
  path: string,
  bytes: Uint8Array,
  specs: readonly ParameterSpec[],
): E.Either<CorruptFile, Params> =>
  E.flatMap(({ tensors }: { readonly tensors: readonly Tensor[] }) => fromTensors(path, specs, tensors))(
    decodeSafetensors(path, bytes),
  )
