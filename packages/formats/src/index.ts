/** Files of weights: bytes to named tensors and back, in pages and in Node. */
export { type CorruptFile, corruptFile, renderCorruptFile } from './corrupt-file.ts'
export { escapeControls } from './foreign-text.ts'
export {
  type NotAnArrangement,
  type PackOptions,
  packLaperm,
  renderNotAnArrangement,
  unpackLaperm,
} from './laperm/laperm-file.ts'
export {
  type LapermHeader,
  type PackedParameter,
  type ParameterCoding,
  parameterCodings,
  type ReadHeader,
  readLapermHeader,
} from './laperm/laperm-header.ts'
export { fromTensors, toTensors } from './parameter-tensors.ts'
export {
  decodeSafetensors,
  type ReadSafetensorsOptions,
  type SafetensorsOptions,
} from './read-safetensors.ts'
export type { Sha256 } from './seal.ts'
export { type JsonProblem, type JsonValue, parseStrictJson } from './strict-json.ts'
export type { Tensor, TensorFile } from './tensor.ts'
export { encodeSafetensors, safetensorsPieces } from './write-safetensors.ts'
