/**
 * A checkpoint's file.
 *
 * It is a checksummed safetensors: `params/`, `slots/<slot>/`, `slow/`, `kept/` and `best/` before the parameter's name, and the
 * loop's position as JSON in the metadata.
 */
import { isTrainable } from '@laperm/core'
import {
  type CorruptFile,
  corruptFile,
  decodeSafetensors,
  encodeSafetensors,
  fromTensors,
  safetensorsPieces,
  type Tensor,
  toTensors,
} from '@laperm/formats'
import type { ParameterSpec } from '@laperm/models'
import { type Checkpoint, parseLoopPosition } from '@laperm/train'
import { either as E } from 'fp-ts'
import { nodeSha256 } from './node-sha256.ts'

const format = 'laperm-checkpoint/1'

/** The arrays of one slot under the names of the trainable parameters. */
const slotTensors = (
  prefix: string,
  arrays: readonly Float32Array[],
  trainable: readonly { readonly name: string; readonly shape: readonly number[] }[],
): readonly Tensor[] =>
  arrays.map((values, index) => ({
    name: prefix + trainable[index].name,
    shape: trainable[index].shape,
    values,
  }))

const platform = { sha256: nodeSha256 }

const tensorsOf = ({ state, kept, best }: Checkpoint): readonly Tensor[] => {
  const trainable = state.params.filter(({ role }) => isTrainable(role))
  return [
    ...toTensors(state.params, 'params/'),
    ...Object.entries(state.slots).flatMap(([slot, arrays]) =>
      slotTensors(`slots/${slot}/`, arrays, trainable),
    ),
    ...slotTensors('slow/', state.slow, trainable),
    ...toTensors(kept, 'kept/'),
    ...(best === null ? [] : toTensors(best, 'best/')),
  ]
}

const metadataOf = ({ position }: Checkpoint) => ({ format, position: JSON.stringify(position) })

/** A checkpoint file's bytes in pieces that view the checkpoint's arrays. Cost: one checksum of everything. */
export const checkpointPieces = (checkpoint: Checkpoint): readonly Uint8Array[] =>
  safetensorsPieces(tensorsOf(checkpoint), metadataOf(checkpoint), platform)

/** A checkpoint file's bytes. Cost: one copy and one checksum of everything. */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array =>
  encodeSafetensors(tensorsOf(checkpoint), metadataOf(checkpoint), platform)

/**
 * Read a checkpoint of a model.
 *
 * @returns `Left(CorruptFile)` when the checksum, a tensor or the position is not what it must be.
 */
export const decodeCheckpoint = (
  path: string,
  bytes: Uint8Array,
  specs: readonly ParameterSpec[],
): E.Either<CorruptFile, Checkpoint> => {
  const file = decodeSafetensors(path, bytes, platform)
  if (E.isLeft(file)) return file
  const { tensors, metadata } = file.right
  const fail = (expected: string, found: string) => E.left(corruptFile(path, expected, found))
  if (metadata.format !== format) return fail(`format ${format}`, metadata.format ?? 'none')
  let json: unknown
  try {
    json = JSON.parse(metadata.position ?? '')
  } catch {
    return fail('a position in JSON', 'something that does not parse')
  }
  const position = parseLoopPosition(json)
  if (typeof position === 'string') return fail(`a loop position with a valid '${position}'`, 'another')

  const trainable = specs.filter(({ role }) => isTrainable(role))
  const has = (prefix: string) => tensors.some(({ name }) => name.startsWith(prefix))
  const slotNames = new Set(
    tensors.filter(({ name }) => name.startsWith('slots/')).map(({ name }) => name.split('/')[1]),
  )
  const params = fromTensors(path, specs, tensors, 'params/')
  if (E.isLeft(params)) return params
  const kept = fromTensors(path, specs, tensors, 'kept/')
  if (E.isLeft(kept)) return kept
  const best = position.best === null ? E.right(null) : fromTensors(path, specs, tensors, 'best/')
  if (E.isLeft(best)) return best
  const slow = has('slow/') ? fromTensors(path, trainable, tensors, 'slow/') : E.right([])
  if (E.isLeft(slow)) return slow
  const slots: Record<string, readonly Float32Array[]> = {}
  for (const slot of slotNames) {
    const arrays = fromTensors(path, trainable, tensors, `slots/${slot}/`)
    if (E.isLeft(arrays)) return arrays
    slots[slot] = arrays.right.map(({ values }) => values)
  }
  return E.right({
    position,
    state: { params: params.right, slots, slow: slow.right.map(({ values }) => values) },
    kept: kept.right,
    best: best.right,
  })
}
