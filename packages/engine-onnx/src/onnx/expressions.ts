/**
 * The ONNX operators that our graphs are written in, as functions from tensors to tensors that infer the result's shape.
 *
 * One line of network maths is one line of code; what an operator's gradient is belongs to `operators/`.
 */
import type { GraphBuilder, Tensor } from './graph-builder.ts'
import type { AttributeValue, Axis, DataType } from './model.ts'

const ints = (value: readonly number[]): AttributeValue => ({ kind: 'ints', value })
const int = (value: number): AttributeValue => ({ kind: 'int', value })

/** The shape that two operands broadcast to. */
export const broadcastShape = (a: readonly Axis[], b: readonly Axis[]): readonly Axis[] => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1
    const right = b[i - rank + b.length] ?? 1
    if (left === right || right === 1) return left
    if (left === 1) return right
    throw new RangeError(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`)
  })
}

const unary =
  (operator: string) =>
  (graph: GraphBuilder, x: Tensor): Tensor =>
    graph.node(operator, [x], [x])[0]

const binary =
  (operator: string) =>
  (graph: GraphBuilder, a: Tensor, b: Tensor): Tensor =>
    graph.node(operator, [a, b], [{ dtype: a.dtype, shape: broadcastShape(a.shape, b.shape) }])[0]

export const add = binary('Add')
export const subtract = binary('Sub')
export const multiply = binary('Mul')
export const divide = binary('Div')
/** The larger of the two, element by element. */
export const maximum = binary('Max')
export const negate = unary('Neg')
export const squareRoot = unary('Sqrt')
export const exponential = unary('Exp')
export const rectify = unary('Relu')

/** `a > b`, element by element. */
export const greater = (graph: GraphBuilder, a: Tensor, b: Tensor): Tensor =>
  graph.node('Greater', [a, b], [{ dtype: 'bool', shape: broadcastShape(a.shape, b.shape) }])[0]

/** `a == b`, element by element. */
export const equal = (graph: GraphBuilder, a: Tensor, b: Tensor): Tensor =>
  graph.node('Equal', [a, b], [{ dtype: 'bool', shape: broadcastShape(a.shape, b.shape) }])[0]

const onnxNumberOf: Record<DataType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 }

export const cast = (graph: GraphBuilder, x: Tensor, dtype: DataType): Tensor =>
  graph.node('Cast', [x], [{ dtype, shape: x.shape }], { attributes: { to: int(onnxNumberOf[dtype]) } })[0]

/** A float32 constant of no axes. */
export const scalar = (graph: GraphBuilder, value: number): Tensor =>
  graph.constant(Float32Array.of(value), [])

const integers = (graph: GraphBuilder, values: readonly number[]): Tensor =>
  graph.constant(BigInt64Array.from(values, BigInt), [values.length])

/** The same elements in row-major order under another shape. At most one axis may have a name (`batch`). */
export const reshape = (graph: GraphBuilder, x: Tensor, shape: readonly Axis[]): Tensor => {
  if (shape.length === x.shape.length && shape.every((axis, i) => axis === x.shape[i])) return x
  const target = integers(
    graph,
    shape.map((axis) => (typeof axis === 'number' ? axis : -1)),
  )
  return graph.node('Reshape', [x, target], [{ dtype: x.dtype, shape }])[0]
}

/** `result.shape[i] = x.shape[order[i]]`. */
export const transpose = (graph: GraphBuilder, x: Tensor, order: readonly number[]): Tensor =>
  order.every((axis, i) => axis === i)
    ? x
    : graph.node('Transpose', [x], [{ dtype: x.dtype, shape: order.map((axis) => x.shape[axis]) }], {
        attributes: { perm: ints(order) },
      })[0]

const reduce =
  (operator: string) =>
  (graph: GraphBuilder, x: Tensor, axes: readonly number[], keepAxes: boolean): Tensor =>
    graph.node(
      operator,
      [x, integers(graph, axes)],
      [
        {
          dtype: x.dtype,
          shape: x.shape.flatMap((axis, i) => (axes.includes(i) ? (keepAxes ? [1] : []) : [axis])),
        },
      ],
      { attributes: { keepdims: int(keepAxes ? 1 : 0) } },
    )[0]

export const reduceSum = reduce('ReduceSum')
export const reduceMean = reduce('ReduceMean')

/** Index of the largest along an axis, the first where values tie; int64, without that axis. */
export const argMax = (graph: GraphBuilder, x: Tensor, axis: number): Tensor =>
  graph.node('ArgMax', [x], [{ dtype: 'int64', shape: x.shape.filter((_, i) => i !== axis) }], {
    attributes: { axis: int(axis), keepdims: int(0) },
  })[0]

/** `x - log(sum(exp(x)))` along the last axis, without overflow. */
export const logSoftmax = (graph: GraphBuilder, x: Tensor): Tensor =>
  graph.node('LogSoftmax', [x], [x], { attributes: { axis: int(-1) } })[0]

/** Matrix product of two matrices, either of them transposed first; with `c`, `a b + c` for a row `c`. */
export const matrixProduct = (
  graph: GraphBuilder,
  a: Tensor,
  b: Tensor,
  options: { readonly transposeA?: boolean; readonly transposeB?: boolean; readonly c?: Tensor } = {},
): Tensor => {
  const rows = a.shape[options.transposeA ? 1 : 0]
  const columns = b.shape[options.transposeB ? 0 : 1]
  return graph.node('Gemm', [a, b, options.c], [{ dtype: 'float32', shape: [rows, columns] }], {
    attributes: { transA: int(options.transposeA ? 1 : 0), transB: int(options.transposeB ? 1 : 0) },
  })[0]
}

/** Tensors one after the other along an axis; at most that axis may differ. */
export const concatenate = (graph: GraphBuilder, parts: readonly Tensor[], axis: number): Tensor => {
  if (parts.length === 1) return parts[0]
  const size = parts.reduce((sum, part) => sum + Number(part.shape[axis]), 0)
  return graph.node(
    'Concat',
    parts,
    [{ dtype: parts[0].dtype, shape: parts[0].shape.map((old, i) => (i === axis ? size : old)) }],
    { attributes: { axis: int(axis) } },
  )[0]
}

/** The parts that a tensor of one axis falls into, one after the other. */
export const split = (graph: GraphBuilder, x: Tensor, sizes: readonly number[]): readonly Tensor[] =>
  sizes.length === 1
    ? [x]
    : graph.node(
        'Split',
        [x, integers(graph, sizes)],
        sizes.map((size) => ({ dtype: x.dtype, shape: [size] })),
        { attributes: { axis: int(0) } },
      )

/** The elements `from` to `to` (exclusive) of each named axis. */
export const slice = (
  graph: GraphBuilder,
  x: Tensor,
  ranges: readonly { readonly axis: number; readonly from: number; readonly to: number }[],
): Tensor => {
  const real = ranges.filter(({ axis, from, to }) => from !== 0 || to !== x.shape[axis])
  if (real.length === 0) return x
  const shape = x.shape.map((axis, i) => {
    const range = real.find((other) => other.axis === i)
    return range === undefined ? axis : range.to - range.from
  })
  const column = (pick: (range: (typeof real)[number]) => number): Tensor => integers(graph, real.map(pick))
  return graph.node(
    'Slice',
    [x, column(({ from }) => from), column(({ to }) => to), column(({ axis }) => axis)],
    [{ dtype: x.dtype, shape }],
  )[0]
}

/** Rows of `x` (its first axis) in another order, or some of them, or some of them twice. */
export const gatherRows = (graph: GraphBuilder, x: Tensor, rows: readonly number[]): Tensor =>
  graph.node(
    'Gather',
    [x, integers(graph, rows)],
    [{ dtype: x.dtype, shape: [rows.length, ...x.shape.slice(1)] }],
    { attributes: { axis: int(0) } },
  )[0]
