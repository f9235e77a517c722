/** Pruning by synaptic flow: what a weight contributes to everything that flows through the network, whatever the data are. */
import type { Params } from '@laperm/core'
import type { InferredLayer, InferredModel } from '@laperm/models'
import { differentiateLayers } from '@laperm/models/reference'
import { isPrunable, pruneByScore } from './prune-by-score.ts'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

/** Layers that add up, select or move values. What keeps each value's place is left out: positive values pass it as they are, or nearly. */
const connecting = (layers: readonly InferredLayer[]): readonly InferredLayer[] =>
  layers
    .filter(
      ({ parameters, inputShape, outputShape, body, shortcut }) =>
        parameters.some(({ role }) => role === 'kernel') ||
        body.length + shortcut.length > 0 ||
        inputShape.join() !== outputShape.join(),
    )
    .map((layer) => ({ ...layer, body: connecting(layer.body), shortcut: connecting(layer.shortcut) }))

/**
 * Let ones flow through the network of these absolute kernels; all other parameters are zero.
 *
 * @param kernels by name.
 * @returns the sum of the outputs, and its derivative by each parameter.
 */
export const positiveFlow = (
  { layers, model, parameters }: InferredModel,
  kernels: ReadonlyMap<string, Float64Array>,
): { readonly sum: number; readonly gradients: ReadonlyMap<string, Float64Array> } => {
  const zeros = new Map(parameters.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape))]))
  const values = new Map([...zeros, ...kernels])
  const gradients = new Map<string, Float64Array>()
  const input = new Float64Array(sizeOf(model.inputShape)).fill(1)
  const { y, back } = differentiateLayers(
    connecting(layers),
    { values: input, shape: [1, ...model.inputShape] },
    {
      parameter: (name) => values.get(name) ?? new Float64Array(0),
      mask: () => new Float64Array(0),
      takeGradient: (name, gradient) => gradients.set(name, gradient),
      takeMoving: () => undefined,
    },
  )
  back(new Float64Array(y.values.length).fill(1))
  return { sum: y.values.reduce((sum, value) => sum + value, 0), gradients }
}

/**
 * SynFlow: the score of a weight is |w| times the derivative by |w| of the sum of outputs of the network of absolute weights, for an input of ones.
 * In round i of n the weights with the least scores go until `(1 - fraction)^(i/n)` of all are left, so that no layer loses all of its weights.
 *
 * @param params initial weights; not written.
 * Cost: each round a forward and a backward pass of one example in plain loops; of Conv7 some 50 million products.
 * @see Tanaka et al. 2020, arXiv:2006.05467 Algorithm 1
 */
export const pruneBySynapticFlow = (
  inferred: InferredModel,
  params: Params,
  fraction: number,
  rounds: number,
): Params => {
  let pruned = params
  for (let round = 1; round <= rounds; round++) {
    const kernels = pruned.filter(isPrunable)
    const weights = new Map(kernels.map(({ name, values }) => [name, Float64Array.from(values, Math.abs)]))
    const { gradients } = positiveFlow(inferred, weights)
    const scores = kernels.map(({ name }) => {
      const gradient = gradients.get(name) ?? new Float64Array(0)
      return Float64Array.from(weights.get(name) ?? [], (weight, i) => weight * gradient[i])
    })
    pruned = pruneByScore(pruned, scores, 1 - (1 - fraction) ** (round / rounds))
  }
  return pruned
}
