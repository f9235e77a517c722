/**
 * What of this package runs in a browser: evaluation, safetensors, the count of moved weights. The loop, run directories and resume need
 * Node's files and threads; a page brings its own loop.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { makeSafetensorsFormat } from './safetensors-format.ts'

export { type CorruptFile, corruptFile } from './errors.ts'
export { type EvaluationScore, evaluateExamples, evaluationBatchSize } from './evaluate.ts'
export { countMovedWeights, type MovedWeights } from './moved-weights.ts'
export { fromTensors, toTensors } from './parameter-tensors.ts'
export type { Tensor, TensorFile } from './safetensors-format.ts'

const format = makeSafetensorsFormat((pieces) =>
  bytesToHex(pieces.reduce((hash, piece) => hash.update(piece), sha256.create()).digest()),
)

/** Write safetensors, the same bytes as in Node, in any page: `crypto.subtle` exists only where a page came by https. */
export const encodeSafetensors = format.encode
/** Read safetensors as Node's entry does. */
export const decodeSafetensors = format.decode
