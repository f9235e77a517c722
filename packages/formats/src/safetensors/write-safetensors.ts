/** Writing safetensors, float32 only. @see ./read-safetensors.ts for the layout. */

import type { Tensor } from '../tensor.ts'
import type { SafetensorsOptions } from './read-safetensors.ts'
import { isOwn, portableSha256, seal, sealKey, unsealed } from './seal.ts'

const metadataName = '__metadata__'

/** Pieces as one array. */
const joinPieces = (pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}

const requireTensor = ({ name, shape, values }: Tensor, taken: ReadonlySet<string>): void => {
  if (name === metadataName) throw new RangeError(`tensors: the name '${name}' is taken by the metadata`)
  if (taken.has(name)) throw new RangeError(`tensors: the name '${name}' occurs twice`)
  if (
    !shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0) ||
    shape.reduce((product, axis) => product * axis, 1) !== values.length
  )
    throw new RangeError(`tensors: '${name}' of shape [${shape.join(', ')}] has ${values.length} values`)
}

/** `"key":value`, whatever the key: objects are put together as text, so that `__proto__` is a key like any other. */
const member = (key: string, value: unknown): string => `${JSON.stringify(key)}:${JSON.stringify(value)}`

const headerOf = (tensors: readonly Tensor[], metadata: Readonly<Record<string, string>>): string => {
  if (Object.hasOwn(metadata, sealKey))
    throw new RangeError(
      `metadata: '${sealKey}' is the file's checksum, which is computed; leave it out, or choose another key`,
    )
  const facts = Object.entries(metadata).map(([key, value]) => member(key, value))
  if (isOwn(metadata)) facts.unshift(member(sealKey, unsealed))
  const members = [`"${metadataName}":{${facts.join()}}`]
  const names = new Set<string>()
  let offset = 0
  for (const tensor of tensors) {
    requireTensor(tensor, names)
    names.add(tensor.name)
    const end = offset + tensor.values.byteLength
    members.push(member(tensor.name, { dtype: 'F32', shape: tensor.shape, data_offsets: [offset, end] }))
    offset = end
  }
  return `{${members.join()}}`
}

/**
 * A file's bytes in pieces, to be written one after the other: the header, then each tensor as a view of its values. Nothing large is
 * copied.
 *
 * @param metadata when their `format` begins with `laperm-` they gain `laperm.sha256`: the checksum of the whole file in which its own
 * 64 digits are zeros. Reading checks it.
 * @throws RangeError when a tensor's shape does not hold its values, a name occurs twice, or the metadata have a checksum already.
 */
export const safetensorsPieces = (
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
  { sha256 = portableSha256 }: SafetensorsOptions = {},
): readonly Uint8Array[] => {
  const json = new TextEncoder().encode(headerOf(tensors, metadata))
  const headerLength = Math.ceil(json.length / 8) * 8
  const start = new Uint8Array(8 + headerLength)
  new DataView(start.buffer).setBigUint64(0, BigInt(headerLength), true)
  start.fill(0x20, 8)
  start.set(json, 8)
  const pieces = [
    start,
    ...tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]
  if (isOwn(metadata)) seal(sha256, pieces)
  return pieces
}

/**
 * A file's bytes as one array; otherwise like {@link safetensorsPieces}.
 *
 * @example encodeSafetensors([{ name: 'w', shape: [2], values: Float32Array.of(1, 2) }], { source: 'me' })
 */
export const encodeSafetensors = (
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
  options?: SafetensorsOptions,
): Uint8Array<ArrayBuffer> => joinPieces(safetensorsPieces(tensors, metadata, options))
