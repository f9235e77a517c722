/**
 * float32 as int32 keys that sort exactly.
 *
 * TensorFlow's threads flush subnormal numbers to zero, so a comparison of floats would call them equal. Integers have no subnormals,
 * and the key of -0 is the key of +0 by construction.
 */
import { less, neg, scalar, type Tensor, where } from '@tensorflow/tfjs-core'
import { type TensorFlowRuntime, typeAttribute } from './tensorflow-runtime.ts'

const magnitudeMask = 0x7fffffff

const bitcast = (
  runtime: TensorFlowRuntime,
  x: Tensor,
  from: 'float32' | 'int32',
  to: 'float32' | 'int32',
): Tensor =>
  runtime.executeSingleOutput(
    'Bitcast',
    [typeAttribute(runtime, 'T', from), typeAttribute(runtime, 'type', to)],
    [x],
  )

/**
 * Keys that fall where the weights rise: `|bits|` for a negative weight, `-bits` for any other, so 0 for both zeros.
 *
 * Descending is the order that TensorFlow's TopKV2 gives, with equal keys by index: exactly LaPerm's order of the weights.
 *
 * @param w float32, any shape.
 * @returns int32 of that shape.
 */
export const descendingKeys = (runtime: TensorFlowRuntime, w: Tensor): Tensor => {
  const bits = bitcast(runtime, w, 'float32', 'int32')
  const int = (value: number) => scalar(value, 'int32')
  const magnitude = runtime.executeSingleOutput(
    'BitwiseAnd',
    [typeAttribute(runtime, 'T', 'int32')],
    [bits, int(magnitudeMask)],
  )
  return where(less(bits, int(0)), magnitude, neg(bits))
}

/** The weights that have these keys; the key 0 is +0. */
export const weightsOfKeys = (runtime: TensorFlowRuntime, keys: Tensor): Tensor => {
  const int = (value: number) => scalar(value, 'int32')
  const negative = runtime.executeSingleOutput(
    'BitwiseOr',
    [typeAttribute(runtime, 'T', 'int32')],
    [keys, int(-(2 ** 31))],
  )
  return bitcast(runtime, where(less(int(0), keys), negative, neg(keys)), 'int32', 'float32')
}
