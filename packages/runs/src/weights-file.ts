/** What `weights.safetensors` and `best.safetensors` hold: a network's parameters and the step at which they were current. */
import type { Params } from '@laperm/core'
import {
  type CorruptFile,
  decodeSafetensors,
  encodeSafetensors,
  fromTensors,
  safetensorsPieces,
  type TensorFile,
  toTensors,
} from '@laperm/formats'
import type { ParameterSpec } from '@laperm/models'
import { either as E } from 'fp-ts'
import { nodeSha256 } from './node-sha256.ts'

const platform = { sha256: nodeSha256 }

const metadataOf = (step: number) => ({ format: 'laperm-weights/1', step: String(step) })

/** A weights file's bytes in pieces that view the weights. The step says after which training step these weights were current. */
export const weightsPieces = (params: Params, step: number): readonly Uint8Array[] =>
  safetensorsPieces(toTensors(params), metadataOf(step), platform)

/** A weights file's bytes. The step says after which training step these weights were current. */
export const encodeWeights = (params: Params, step: number): Uint8Array =>
  encodeSafetensors(toTensors(params), metadataOf(step), platform)

/** Read a weights file for a model. @returns `Left(CorruptFile)` when it is damaged or of another model. */
export const decodeWeights = (
  path: string,
  bytes: Uint8Array,
  specs: readonly ParameterSpec[],
): E.Either<CorruptFile, Params> =>
  E.flatMap(({ tensors }: TensorFile) => fromTensors(path, specs, tensors))(
    decodeSafetensors(path, bytes, platform),
  )
