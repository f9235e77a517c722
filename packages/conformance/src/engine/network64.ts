/** A whole model in float64: loss and the gradient of every parameter, from the layers' definitions. */
import { isTrainable, type Params } from '@laperm/core'
import type { Batch } from '@laperm/engine'
import { type InferredLayer, type InferredModel, interpretLayer, type LayerTable } from '@laperm/models'
import {
  type Applied,
  avgPool64,
  batchNorm64,
  conv2d64,
  dense64,
  dropout64,
  type Image64,
  maxPool64,
  relu64,
  softmaxCrossEntropy64,
} from './layers64.ts'

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

/** A layer's output, and its gradient from the output's. */
interface Pass {
  readonly y: Image64
  readonly back: (dy: Float64Array) => Float64Array
}

interface LayerSite extends InferredLayer {
  readonly x: Image64
  readonly parameter: (role: string) => Float64Array
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

  const named = (name: string, applied: Applied): Pass => ({
    y: applied.y,
    back: (dy: Float64Array): Float64Array => {
      const { dx, parameters } = applied.pullback(dy)
      for (const [role, gradient] of Object.entries(parameters)) gradients.set(`${name}/${role}`, gradient)
      return dx
    },
  })
  const chain = (layers: readonly InferredLayer[], x: Image64): Pass => {
    let y = x
    const backs = layers.map((layer) => {
      const applied = apply(layer, y)
      y = applied.y
      return applied.back
    })
    return { y, back: (dy) => backs.reduceRight((gradient, back) => back(gradient), dy) }
  }
  const appliers: LayerTable<LayerSite, Pass> = {
    dense: ({ useBias }, { name, x, parameter }) =>
      named(name, dense64(x, parameter('kernel'), useBias ? parameter('bias') : undefined)),
    conv2d: (layer, { name, x, parameter, outputShape }) => {
      const bias = layer.useBias ? parameter('bias') : undefined
      return named(name, conv2d64(x, layer, outputShape, parameter('kernel'), bias))
    },
    batchNorm: ({ epsilon, momentum }, { name, x, parameter }) => {
      const applied = batchNorm64(x, epsilon, parameter('gamma'), parameter('beta'))
      const average = (role: string, statistic: Float64Array): void => {
        moving.set(
          `${name}/${role}`,
          parameter(role).map((old, i) => momentum * old + (1 - momentum) * statistic[i]),
        )
      }
      average('movingMean', applied.mean)
      average('movingVariance', applied.variance)
      return named(name, applied)
    },
    relu: (_, { name, x }) => named(name, relu64(x)),
    maxPool2d: (layer, { name, x, outputShape }) => named(name, maxPool64(x, layer, outputShape)),
    avgPool2d: (layer, { name, x, outputShape }) => named(name, avgPool64(x, layer, outputShape)),
    dropout: (_, { name, x }) =>
      named(name, dropout64(x, Float64Array.from(masks.get(name) as Float32Array))),
    flatten: (_, { x }) => ({
      y: { values: x.values, shape: [x.shape[0], x.values.length / x.shape[0]] },
      back: (dy) => dy,
    }),
    softmax: (_, { x }) => ({ y: x, back: (dy) => dy }),
    residual: (_, { x, body, shortcut }) => {
      const left = chain(body, x)
      const right = chain(shortcut, x)
      return {
        y: { values: left.y.values.map((value, i) => value + right.y.values[i]), shape: left.y.shape },
        back: (dy) => {
          const a = left.back(dy)
          const b = right.back(dy)
          return a.map((value, i) => value + b[i])
        },
      }
    },
  }
  const apply = (inferred: InferredLayer, x: Image64): Pass =>
    interpretLayer(appliers, inferred.layer, {
      ...inferred,
      x,
      parameter: (role) => valuesOf.get(`${inferred.name}/${role}`) as Float64Array,
    })

  const { y: logits, back } = chain(inferred.layers, {
    values: Float64Array.from(batch.inputs),
    shape: [batch.size, ...inferred.model.inputShape],
  })
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
