/**
 * The part of the ONNX format that we write, as plain data: no protobuf here, and no meaning of operators.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/IR.md
 */

/** Element types that our graphs use. */
export type DataType = 'float32' | 'uint8' | 'int32' | 'int64' | 'bool'

/** An axis: a size, or the name of a size that is only known when the graph runs (`batch`). */
export type Axis = number | string

/** A constant tensor. `bytes` are its elements, little-endian, row-major. */
export interface ConstantTensor {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** An attribute's value. `ints` are integers as numbers; `float` is rounded to float32. */
export type AttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }

/** One operator. An empty name in `inputs` or `outputs` stands for an optional one that is left out. */
export interface GraphNode {
  readonly operator: string
  /** `''` is ONNX itself; `com.microsoft` and `com.microsoft.nchwc` belong to onnxruntime. */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** A graph's input or output. */
export interface ValueInfo {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly Axis[]
}

/** A graph whose nodes are in an order in which they can run. */
export interface Graph {
  readonly name: string
  readonly nodes: readonly GraphNode[]
  readonly constants: readonly ConstantTensor[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
}
