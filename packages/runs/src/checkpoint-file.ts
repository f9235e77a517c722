/**
 * A checkpoint's file.
 *
 * It is a checksummed safetensors: `params/`, `slots/<slot>/`, `slow/`, `kept/`, `best/` and `ranked/` before the parameter's name, and in the metadata,
 * as JSON, the loop's position and what tells this run from others.
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
import { type DataFingerprint, parseFingerprint } from './data-fingerprint.ts'
import { nodeSha256 } from './node-sha256.ts'

const format = 'laperm-checkpoint/2'

/** What a checkpoint knows of its run, so that it is never taken for another's. */
export interface RunFacts {
  /** As JSON. */
  readonly experiment: unknown
  readonly data: DataFingerprint
  /** `metrics.jsonl` at this point: what happens to the file afterwards can be mended. */
  readonly metrics: string
}

/** A checkpoint out of a file. */
export interface RunCheckpoint {
  readonly checkpoint: Checkpoint
  readonly facts: RunFacts
}

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

const tensorsOf = ({ state, kept, best, ranked }: Checkpoint): readonly Tensor[] => {
  const trainable = state.params.filter(({ role }) => isTrainable(role))
  return [
    ...toTensors(state.params, 'params/'),
    ...Object.entries(state.slots).flatMap(([slot, arrays]) =>
      slotTensors(`slots/${slot}/`, arrays, trainable),
    ),
    ...slotTensors('slow/', state.slow, trainable),
    ...toTensors(kept, 'kept/'),
    ...(best === null ? [] : toTensors(best, 'best/')),
    ...toTensors(ranked, 'ranked/'),
  ]
}

const metadataOf = ({ position, elapsedMs }: Checkpoint, { experiment, data, metrics }: RunFacts) => ({
  format,
  position: JSON.stringify(position),
  elapsedMs: String(elapsedMs),
  experiment: JSON.stringify(experiment),
  data: JSON.stringify(data),
  metrics,
})

/** A checkpoint file's bytes in pieces that view the checkpoint's arrays. Cost: one checksum of everything. */
export const checkpointPieces = (checkpoint: Checkpoint, facts: RunFacts): readonly Uint8Array[] =>
  safetensorsPieces(tensorsOf(checkpoint), metadataOf(checkpoint, facts), platform)

/** A checkpoint file's bytes. Cost: one copy and one checksum of everything. */
export const encodeCheckpoint = (checkpoint: Checkpoint, facts: RunFacts): Uint8Array =>
  encodeSafetensors(tensorsOf(checkpoint), metadataOf(checkpoint, facts), platform)

/** A metadata entry as JSON; undefined where it is none. */
const jsonOf = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/**
 * Read a checkpoint of a model.
 *
 * @returns `Left(CorruptFile)` when the checksum, a tensor, the position or the facts are not what they must be.
 */
export const decodeCheckpoint = (
  path: string,
  bytes: Uint8Array,
  specs: readonly ParameterSpec[],
): E.Either<CorruptFile, RunCheckpoint> => {
  const file = decodeSafetensors(path, bytes, platform)
  if (E.isLeft(file)) return file
  const { tensors, metadata } = file.right
  const fail = (expected: string, found: string) => E.left(corruptFile(path, expected, found))
  if (metadata.format !== format) return fail(`format ${format}`, metadata.format ?? 'none')
  const position = parseLoopPosition(jsonOf(metadata.position))
  if (typeof position === 'string') return fail(`a loop position with a valid '${position}'`, 'another')
  const elapsedMs = jsonOf(metadata.elapsedMs)
  if (typeof elapsedMs !== 'number')
    return fail('the time spent in milliseconds', metadata.elapsedMs ?? 'none')
  const experiment = jsonOf(metadata.experiment)
  if (experiment === undefined) return fail('an experiment in JSON', 'something that does not parse')
  const data = parseFingerprint(jsonOf(metadata.data))
  if (data === null) return fail('a fingerprint of the data', 'another value')
  if (metadata.metrics === undefined) return fail('the metrics so far', 'none')

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
  const isRanked = ({ name }: ParameterSpec) => tensors.some((tensor) => tensor.name === `ranked/${name}`)
  const ranked = fromTensors(path, specs.filter(isRanked), tensors, 'ranked/')
  if (E.isLeft(ranked)) return ranked
  const slots: Record<string, readonly Float32Array[]> = {}
  for (const slot of slotNames) {
    const arrays = fromTensors(path, trainable, tensors, `slots/${slot}/`)
    if (E.isLeft(arrays)) return arrays
    slots[slot] = arrays.right.map(({ values }) => values)
  }
  return E.right({
    checkpoint: {
      position,
      state: { params: params.right, slots, slow: slow.right.map(({ values }) => values) },
      kept: kept.right,
      best: best.right,
      ranked: ranked.right,
      elapsedMs,
    },
    facts: { experiment, data, metrics: metadata.metrics },
  })
}
