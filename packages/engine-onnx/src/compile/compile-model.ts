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
import { UnsupportedLayer } from './unsupported-layer.ts'

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

const requireClassifier = (inferred: InferredModel): number => {
  const last = inferred.layers[inferred.layers.length - 1]
  if (last.layer.kind !== 'softmax')
    throw new UnsupportedLayer(last.name, 'the last layer must be softmax, which the loss is fused with')
  if (inferred.outputShape.length !== 1)
    throw new UnsupportedLayer(
      last.name,
      `its output must be flat, one value a class, but is [${inferred.outputShape.join(', ')}]; put flatten and dense before it`,
    )
  if (inferred.parameters.length === 0)
    throw new UnsupportedLayer(last.name, 'the model has no parameters, so there is nothing to train')
  return inferred.outputShape[0]
}

/**
 * Compile a model.
 *
 * @param block channels in a block of the processor's NCHWc convolutions; left out, only ONNX's own operators are used.
 * @param batchSize the usual one; any other works too.
 * @throws UnsupportedLayer when a layer cannot be done.
 */
export const compileModel = (
  inferred: InferredModel,
  innerOptimizer: InnerOptimizerSpec,
  block?: number,
  batchSize = 1,
): Program => {
  const classes = requireClassifier(inferred)
  const bank = layOutParameters(inferred)
  const optimizer = makeGraphOptimizer(innerOptimizer)
  return {
    modelName: inferred.model.name,
    parameters: bank.parameters,
    permutedRoles: inferred.model.permutedRoles,
    bankSizes: bank.sizes,
    slotNames: optimizer.slotNames,
    scalarCount: 1 + optimizer.scalarNames.length,
    inputSize: product(inferred.model.inputShape),
    activationBytes: outputSizes(inferred.layers) * batchSize * Float32Array.BYTES_PER_ELEMENT,
    classes,
    ...compileTraining(inferred, bank, optimizer, block),
    evaluate: compileEvaluation(inferred, bank, block),
  }
}
