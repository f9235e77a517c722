/** Batch normalization as Keras has it. */
import { scaleChannels } from '../onnx/blocked-expressions.ts'
import {
  add,
  divide,
  multiply,
  negate,
  reduceSum,
  reshape,
  scalar,
  squareRoot,
  subtract,
} from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'
import { normalizeBatch } from '../onnx/image-expressions.ts'
import type { Activation, Trace } from './activation.ts'
import { toChannelsFirst } from './layout.ts'

/** What the batch was like, for the moving averages. */
export interface BatchStatistics {
  /** `[channels]`. */
  readonly mean: Tensor
  /** Biased (divided by the count), `[channels]`. */
  readonly variance: Tensor
}

/** What batch normalization learns, `[channels]` each. */
export interface BatchNormParameters {
  readonly gamma: Tensor
  readonly beta: Tensor
}

interface Normalized {
  readonly y: Tensor
  readonly statistics: BatchStatistics
  /** From dy to dx, dgamma and dbeta. */
  readonly pullback: (dy: Tensor) => readonly [Tensor, Tensor, Tensor]
}

const inverseDeviation = (graph: GraphBuilder, variance: Tensor, epsilon: number): Tensor =>
  divide(graph, scalar(graph, 1), squareRoot(graph, add(graph, variance, scalar(graph, epsilon))))

/** Channels first, or rows of channels. */
const normalizeStandard = (
  graph: GraphBuilder,
  x: Tensor,
  { gamma, beta }: BatchNormParameters,
  epsilon: number,
  inverseCount: Tensor,
): Normalized => {
  const channels = Number(gamma.shape[0])
  const isImage = x.shape.length === 4
  // onnxruntime writes the statistics that it gives out INTO the constants that it takes in.
  const { y, mean, variance } = normalizeBatch(
    graph,
    x,
    { gamma, beta, mean: graph.ownVector(channels), variance: graph.ownVector(channels) },
    epsilon,
    true,
  )
  const perChannel = (value: Tensor): Tensor => reshape(graph, value, isImage ? [channels, 1, 1] : [channels])
  const sum = (values: Tensor): Tensor => reduceSum(graph, values, isImage ? [0, 2, 3] : [0], false)
  return {
    y,
    statistics: { mean, variance },
    pullback: (dy) => {
      const scale = inverseDeviation(graph, variance, epsilon)
      const centered = subtract(graph, x, perChannel(mean))
      const dySum = sum(dy)
      const productSum = sum(multiply(graph, dy, centered))
      const offset = multiply(graph, dySum, inverseCount)
      const slope = multiply(graph, multiply(graph, productSum, inverseCount), multiply(graph, scale, scale))
      const unscaled = subtract(
        graph,
        subtract(graph, dy, perChannel(offset)),
        multiply(graph, centered, perChannel(slope)),
      )
      const dx = multiply(graph, unscaled, perChannel(multiply(graph, gamma, scale)))
      return [dx, multiply(graph, productSum, scale), dySum]
    },
  }
}

/** Blocked: every line of the formulas is one pass over memory. */
const normalizeBlocked = (
  graph: GraphBuilder,
  x: Tensor,
  { gamma, beta }: BatchNormParameters,
  epsilon: number,
  inverseCount: Tensor,
): Normalized => {
  const channels = Number(gamma.shape[0])
  const ones = graph.constant(new Float32Array(channels).fill(1), [channels])
  const sum = (values: Tensor): Tensor => {
    const ofExamples = reduceSum(graph, values, [2, 3], false)
    return reduceSum(graph, reshape(graph, ofExamples, [x.shape[0], channels]), [0], false)
  }
  const mean = multiply(graph, sum(x), inverseCount)
  const centered = scaleChannels(graph, x, ones, negate(graph, mean))
  const variance = multiply(graph, sum(multiply(graph, centered, centered)), inverseCount)
  const scale = inverseDeviation(graph, variance, epsilon)
  const slope = multiply(graph, gamma, scale)
  return {
    y: scaleChannels(graph, centered, slope, beta),
    statistics: { mean, variance },
    pullback: (dy) => {
      // The same bits once more: kept from the forward pass they would take as much memory as all activations that must be kept. Written
      // another way, for onnxruntime makes one node of two equal ones.
      const centeredAgain = scaleChannels(graph, x, ones, subtract(graph, scalar(graph, 0), mean))
      const dySum = sum(dy)
      const productSum = sum(multiply(graph, dy, centeredAgain))
      const offset = multiply(graph, multiply(graph, dySum, inverseCount), slope)
      const factor = multiply(
        graph,
        multiply(graph, productSum, inverseCount),
        multiply(graph, multiply(graph, scale, scale), slope),
      )
      const dx = scaleChannels(graph, centeredAgain, negate(graph, factor), negate(graph, offset), {
        addend: scaleChannels(graph, dy, slope, undefined),
      })
      return [dx, multiply(graph, productSum, scale), dySum]
    },
  }
}

/**
 * Training mode: `y = gamma (x - mean) / sqrt(variance + epsilon) + beta`, with mean and biased variance of the batch over all axes
 * but the channels.
 *
 * Gradients, with `d = x - mean`, `s = 1 / sqrt(variance + epsilon)` and `m` values a channel: `dbeta = sum dy`,
 * `dgamma = s sum dy d`, `dx = gamma s (dy - dbeta / m - d s^2 sum(dy d) / m)`.
 *
 * @param inverseBatchSize `1 / batch size`, no axes.
 * @returns in the layout of the input, but channels first for channels last.
 */
export const batchNormTraining = (
  trace: Trace,
  input: Activation,
  parameters: BatchNormParameters,
  epsilon: number,
  inverseBatchSize: Tensor,
): { readonly y: Activation; readonly statistics: BatchStatistics } => {
  const { graph, tape } = trace
  const x = input.layout === 'blocked' ? input : toChannelsFirst(trace, input)
  const places = x.layout === 'flat' ? 1 : input.shape[0] * input.shape[1]
  const inverseCount = multiply(graph, inverseBatchSize, scalar(graph, 1 / places))
  const normalize = x.layout === 'blocked' ? normalizeBlocked : normalizeStandard
  const { y, statistics, pullback } = normalize(graph, x.tensor, parameters, epsilon, inverseCount)
  tape.record([x.tensor, parameters.gamma, parameters.beta], y, pullback)
  return { y: { ...x, tensor: y }, statistics }
}

/** Inference mode: the same formula with the moving averages for mean and variance. Not differentiated. */
export const batchNormInference = (
  trace: Trace,
  input: Activation,
  { gamma, beta }: BatchNormParameters,
  { mean, variance }: BatchStatistics,
  epsilon: number,
): Activation => {
  const { graph } = trace
  if (input.layout === 'blocked') {
    const slope = multiply(graph, gamma, inverseDeviation(graph, variance, epsilon))
    const offset = subtract(graph, beta, multiply(graph, mean, slope))
    return { ...input, tensor: scaleChannels(graph, input.tensor, slope, offset) }
  }
  const x = toChannelsFirst(trace, input)
  return { ...x, tensor: normalizeBatch(graph, x.tensor, { gamma, beta, mean, variance }, epsilon, false).y }
}
