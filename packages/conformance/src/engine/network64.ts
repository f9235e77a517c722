/** A whole model in float64: loss and the gradient of every parameter, from the layers' definitions. */
import { isTrainable, type Params } from '@laperm/core'
import type { Batch } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import { differentiateLayers } from '@laperm/models/reference'
import { softmaxCrossEntropy64 } from './cross-entropy64.ts'

/** What a training step of a network computes. */
export interface NetworkGradients {
  /** Mean cross-entropy, without the penalty. */
  readonly loss: number
  readonly correct: number
  /** By parameter name; with the L2 penalty's. */
  readonly gradients: ReadonlyMap<string, Float64Array>
  /** New moving averages, by parameter name. */
  readonly moving: ReadonlyMap<string, Float64Array>
}

/** One training step's loss and gradients. `masks` are by dropout layer name. */
export const differentiateNetwork = (
  inferred: InferredModel,
  params: Params,
  batch: Batch,
  masks: ReadonlyMap<string, Float32Array>,
): NetworkGradients => {
  const valuesOf = new Map(params.map(({ name, values }) => [name, Float64Array.from(values)]))
  const moving = new Map<string, Float64Array>()
  const gradients = new Map<string, Float64Array>()

  const { y: logits, back } = differentiateLayers(
    inferred.layers,
    { values: Float64Array.from(batch.inputs), shape: [batch.size, ...inferred.model.inputShape] },
    {
      parameter: (name) => valuesOf.get(name) ?? new Float64Array(0),
      mask: (layer) => Float64Array.from(masks.get(layer) ?? []),
      takeGradient: (name, gradient) => gradients.set(name, gradient),
      takeMoving: (name, values) => moving.set(name, values),
    },
  )
  const { loss, correct, gradient } = softmaxCrossEntropy64(logits, batch.labels)
  back(gradient)

  for (const { name, l2 } of inferred.parameters) {
    const gradient = gradients.get(name)
    const values = valuesOf.get(name)
    if (l2 === 0 || gradient === undefined || values === undefined) continue
    gradients.set(
      name,
      gradient.map((value, i) => value + 2 * l2 * values[i]),
    )
  }
  for (const { name, role } of params)
    if (isTrainable(role) && !gradients.has(name)) throw new Error(`no gradient for ${name}`)
  return { loss, correct, gradients, moving }
}
