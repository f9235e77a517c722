/**
 * Compiles a model, its loss and its inner optimizer into a {@link Program}: one graph for a whole training step, one to evaluate.
 *
 * Pure: no onnxruntime here.
 */
import type { InnerOptimizerSpec } from '@laperm/core'
import type { InferredLayer, InferredModel } from '@laperm/models'
import type { GraphOptimizer } from '../optimizers/graph-optimizer.ts'
import { makeGraphOptimizer } from '../optimizers/make-graph-optimizer.ts'
import { appendForward } from './append-forward.ts'
import { appendMovingAverages, appendOptimizer } from './append-update.ts'
import { makeBoundGraph } from './bound-graph.ts'
import { layOutParameters, type ParameterBank } from './parameter-bank.ts'
import type { GraphPlan, Program } from './program.ts'

const product = (axes: readonly number[]): number => axes.reduce((size, axis) => size * axis, 1)

const outputSizes = (layers: readonly InferredLayer[]): number =>
  layers.reduce(
    (sum, { outputShape, body, shortcut }) =>
      sum + product(outputShape) + outputSizes(body) + outputSizes(shortcut),
    0,
  )

const compileEvaluation = (
  inferred: InferredModel,
  bank: ParameterBank,
  block: number | undefined,
): GraphPlan => {
  const bound = makeBoundGraph(`${inferred.model.name} evaluate`)
  appendForward(bound, inferred, bank, false, block)
  return bound.plan()
}

const compileTraining = (
  inferred: InferredModel,
  bank: ParameterBank,
  optimizer: GraphOptimizer,
  block: number | undefined,
): Pick<Program, 'train' | 'masks'> => {
  const bound = makeBoundGraph(`${inferred.model.name} train`)
  const forward = appendForward(bound, inferred, bank, true, block)
  appendOptimizer(bound, forward, bank, optimizer)
  appendMovingAverages(bound, forward, bank)
  return { train: bound.plan(), masks: forward.masks }
}

/**
 * Compile a model.
 *
 * @param inferred one that `checkTrainable` accepts.
 * @param block channels in a block of the processor's NCHWc convolutions; left out, only ONNX's own operators are used.
 * @param batchSize the usual one; any other works too.
 */
export const compileModel = (
  inferred: InferredModel,
  innerOptimizer: InnerOptimizerSpec,
  block?: number,
  batchSize = 1,
): Program => {
  const bank = layOutParameters(inferred)
  const optimizer = makeGraphOptimizer(innerOptimizer)
  return {
    parameters: bank.parameters,
    bankSizes: bank.sizes,
    slotNames: optimizer.slotNames,
    scalarCount: 1 + optimizer.scalarNames.length,
    inputSize: product(inferred.model.inputShape),
    activationBytes: outputSizes(inferred.layers) * batchSize * Float32Array.BYTES_PER_ELEMENT,
    ...compileTraining(inferred, bank, optimizer, block),
    evaluate: compileEvaluation(inferred, bank, block),
  }
}
