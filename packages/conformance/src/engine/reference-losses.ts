/** The losses of training by the definitions: forward and backward in float64, core's optimizers and core's synchronization. */
import { isTrainable, makeInnerOptimizer, type Params, sortParams, syncParams } from '@laperm/core'
import { fillDropoutMask } from '@laperm/core/kernel'
import type { Batch, CompileOptions } from '@laperm/engine'
import type { InferredLayer, InferredModel } from '@laperm/models'
import { differentiateNetwork } from './network64.ts'

const masksOf = (
  layers: readonly InferredLayer[],
  size: number,
  seed: number,
  step: number,
): readonly (readonly [string, Float32Array])[] =>
  layers.flatMap(({ layer, name, inputShape, body, shortcut }) => {
    const inner = masksOf([...body, ...shortcut], size, seed, step)
    if (layer.kind !== 'dropout') return inner
    const mask = new Float32Array(inputShape.reduce((product, axis) => product * axis, size))
    fillDropoutMask(mask, layer.rate, seed, name, step)
    return [[name, mask] as const, ...inner]
  })

/**
 * The loss of each step, synchronizing as `outerUpdate` says (`permute` or `none`) after every `syncPeriod` steps.
 *
 * @param batches one a step.
 */
export const referenceLosses = (
  inferred: InferredModel,
  initial: Params,
  batches: readonly Batch[],
  { innerOptimizer, outerUpdate, seed }: CompileOptions,
  learningRate: number,
  syncPeriod: number,
): readonly number[] => {
  const optimizer = makeInnerOptimizer(innerOptimizer, learningRate)
  const roles = outerUpdate.kind === 'permute' ? outerUpdate.roles : []
  const sorted = sortParams(initial, roles)
  let params = initial
  let state = optimizer.init(initial)
  return batches.map((batch, i) => {
    const step = i + 1
    const masks = new Map(masksOf(inferred.layers, batch.size, seed, step))
    const { loss, gradients, moving } = differentiateNetwork(inferred, params, batch, masks)
    const [moved, next] = optimizer.step(
      params.map(({ name, values }) => Float32Array.from(gradients.get(name) ?? values.map(() => 0))),
      state,
      params,
    )
    state = next
    params = moved.map((parameter) => {
      const average = isTrainable(parameter.role) ? undefined : moving.get(parameter.name)
      return average === undefined ? parameter : { ...parameter, values: Float32Array.from(average) }
    })
    if (step % syncPeriod === 0) params = syncParams(sorted, params, roles)
    return loss
  })
}
