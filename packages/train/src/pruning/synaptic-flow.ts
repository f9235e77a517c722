/** Pruning by synaptic flow: what a weight contributes to everything that flows through the network, whatever the data are. */
import type { Params } from '@laperm/core'
import type { InferredModel } from '@laperm/models'
import { positiveFlow } from './positive-flow.ts'
import { isPrunable, pruneByScore } from './prune-by-score.ts'

/**
 * SynFlow: the score of a weight is |w| times the derivative by |w| of the sum of outputs of the network of absolute weights, for an input of ones.
 * In round i of n the weights with the least scores go until `(1 - fraction)^(i/n)` of all are left, so that no layer loses all of its weights.
 *
 * @param params initial weights; not written.
 * Cost: each round a forward and a backward pass of one example in plain loops; of Conv7 some 50 million products.
 * @see Tanaka et al. 2020, arXiv:2006.05467 Algorithm 1
 */
export const pruneBySynapticFlow = (
  { model, layers }: InferredModel,
  params: Params,
  fraction: number,
  rounds: number,
): Params => {
  let pruned = params
  for (let round = 1; round <= rounds; round++) {
    const kernels = pruned.filter(isPrunable)
    const weights = new Map(kernels.map(({ name, values }) => [name, Float64Array.from(values, Math.abs)]))
    const gradients = new Map(kernels.map(({ name, values }) => [name, new Float64Array(values.length)]))
    positiveFlow(layers, model.inputShape, { weights, gradients })
    const scores = kernels.map(({ name }) => {
      const gradient = gradients.get(name) ?? new Float64Array(0)
      return Float64Array.from(weights.get(name) ?? [], (weight, i) => weight * gradient[i])
    })
    pruned = pruneByScore(pruned, scores, 1 - (1 - fraction) ** (round / rounds))
  }
  return pruned
}
