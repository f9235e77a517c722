/** What `last.safetensors` and `best.safetensors` hold: a network's parameters and the step at which they were current. */
import type { Params } from '@laperm/core'
import {
  type CorruptFile,
  corruptFile,
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

const format = 'laperm-weights/1'

const metadataOf = (step: number) => ({ format, step: String(step) })

/** A weights file's bytes in pieces that view the weights. The step says after which training step these weights were current. */
export const weightsPieces = (params: Params, step: number): readonly Uint8Array[] =>
  safetensorsPieces(toTensors(params), metadataOf(step), platform)

/** A weights file's bytes. The step says after which training step these weights were current. */
export const encodeWeights = (params: Params, step: number): Uint8Array =>
  encodeSafetensors(toTensors(params), metadataOf(step), platform)

/**
 * Read a weights file for a model. Only files that {@link encodeWeights} made have a checksum, so only they are read: of any other nothing
 * says that its weights are those that the run has trained.
 *
 * @returns `Left(CorruptFile)` when it is damaged, of another model, or was written by another program.
 */
export const decodeWeights = (
  path: string,
  bytes: Uint8Array,
  specs: readonly ParameterSpec[],
): E.Either<CorruptFile, Params> =>
  E.flatMap(({ tensors, metadata }: TensorFile) =>
    metadata.format === format
      ? fromTensors(path, specs, tensors)
      : E.left(
          corruptFile(
            path,
            `weights that LaPerm wrote (format ${format}), which have a checksum`,
            metadata.format === undefined ? 'no format' : `format ${metadata.format}`,
            'Another program wrote this file, and nothing vouches for its weights: put back the file that the run wrote, or train again.',
          ),
        ),
  )(decodeSafetensors(path, bytes, platform))
