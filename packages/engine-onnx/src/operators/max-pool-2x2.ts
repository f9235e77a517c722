/**
 * Max pooling over 2x2 tiles by comparing whole tensors: faster than onnxruntime's pool that also gives indices.
 *
 * Only for images in which the channels of a place lie together (blocked, channels last), so that halves are read in long pieces.
 */
import {
  cast,
  concatenate,
  greater,
  maximum,
  multiply,
  reshape,
  slice,
  subtract,
} from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'

/** The two halves of an axis of two. */
const halves = (graph: GraphBuilder, x: Tensor, axis: number): readonly [Tensor, Tensor] => [
  slice(graph, x, [{ axis, from: 0, to: 1 }]),
  slice(graph, x, [{ axis, from: 1, to: 2 }]),
]

/** `dy` where the second of two won (it must be larger: the first wins a tie), and what is left for the first. */
const share = (graph: GraphBuilder, dy: Tensor, first: Tensor, second: Tensor): readonly [Tensor, Tensor] => {
  const ofSecond = multiply(graph, dy, cast(graph, greater(graph, second, first), 'float32'))
  return [subtract(graph, dy, ofSecond), ofSecond]
}

/**
 * The largest value of each 2x2 tile, and its gradient.
 *
 * First the two of each row are compared, then the two rows: of equal values the first in row-major order wins.
 *
 * @param x `[batch, blocks, height, width, block]`, height and width even.
 */
export const maxPool2x2 = (
  graph: GraphBuilder,
  x: Tensor,
): { readonly y: Tensor; readonly pullback: (dy: Tensor) => Tensor } => {
  const [batch, blocks, height, width, block] = x.shape
  const tiles: Tensor['shape'] = [batch, blocks, Number(height) / 2, 2, Number(width) / 2, 2, block]
  const pooled: Tensor['shape'] = [batch, blocks, Number(height) / 2, Number(width) / 2, block]
  const [left, right] = halves(graph, reshape(graph, x, tiles), 5)
  const rows = maximum(graph, left, right)
  const [top, bottom] = halves(graph, rows, 3)
  return {
    y: reshape(graph, maximum(graph, top, bottom), pooled),
    pullback: (dy) => {
      const ofTiles = reshape(graph, dy, top.shape)
      const ofRows = concatenate(graph, share(graph, ofTiles, top, bottom), 3)
      return reshape(graph, concatenate(graph, share(graph, ofRows, left, right), 5), x.shape)
    },
  }
}
