/** Safetensors files in Node, with Node's SHA-256. @see ./safetensors-format.ts */
import { createHash } from 'node:crypto'
import { makeSafetensorsFormat } from './safetensors-format.ts'

/** Write and read safetensors with the platform's fastest checksum. */
export const { encode: encodeSafetensors, decode: decodeSafetensors } = makeSafetensorsFormat((bytes) =>
  createHash('sha256').update(bytes).digest('hex'),
)
