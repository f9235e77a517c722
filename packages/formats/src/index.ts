/** Files of weights: bytes to named tensors and back, in pages and in Node. */
export { type CorruptFile, corruptFile, renderCorruptFile } from './corrupt-file.ts'
export { escapeControls } from './foreign-text.ts'
export {
  type ForeignTensor,
  needsInitialWeights,
  type OtherTensors,
  packWeights,
  renderOtherTensors,
  unpackWeights,
  weightsSha256,
} from './laperm/foreign-weights.ts'
export {
  type NotAnArrangement,
  type PackOptions,
  packLaperm,
  renderNotAnArrangement,
  unpackLaperm,
} from './laperm/laperm-file.ts'
export { type LapermHeader, type ReadHeader, readLapermHeader } from './laperm/laperm-header.ts'
export { type PackedParameter, type ParameterCoding, parameterCodings } from './laperm/packed-parameters.ts'
export { fromTensors, toTensors } from './parameter-tensors.ts'
export { type ReadTensorsOptions, readTensors } from './read-tensors.ts'
export { FileRefusal, refuseFile } from './refusal.ts'
export {
  decodeSafetensors,
  type ReadSafetensorsOptions,
  type SafetensorsOptions,
} from './safetensors/read-safetensors.ts'
export type { Sha256 } from './safetensors/seal.ts'
export { encodeSafetensors, safetensorsPieces } from './safetensors/write-safetensors.ts'
export { type ByteSource, blobSource, bytesSource } from './source/byte-source.ts'
export { leadsInside } from './source/name-inside.ts'
export { type JsonProblem, type JsonValue, parseStrictJson } from './strict-json.ts'
export type { Tensor, TensorFile } from './tensor.ts'
export type { OpenH5, StoredTensor, WeightFile, WeightFormat } from './weight-file.ts'
