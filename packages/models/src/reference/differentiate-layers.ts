/** Layers one after the other in float64, forward and backward, from what each layer's file says. */
import type { InferredLayer } from '../inventory.ts'
import { type LayerKindName, type LayerNamed, layerKinds } from '../layers/layer-kinds.ts'
import type { Applied, Pass64, Site64, Tensor64 } from '../layers/layer64.ts'

/** What layers are applied with, and where their gradients go; all by the parameter's or the layer's name. */
export interface Tape64 {
  /** A parameter's values. */
  readonly parameter: (name: string) => Float64Array
  /** A dropout layer's mask: 0 or the scale of what is kept. */
  readonly mask: (layer: string) => Float64Array
  /** dL/dparameter; once a parameter on the way back. */
  readonly takeGradient: (parameter: string, gradient: Float64Array) => void
  /** A new moving average. */
  readonly takeMoving: (parameter: string, values: Float64Array) => void
}

const applyLayer = <Name extends LayerKindName>(layer: LayerNamed<Name>, site: Site64): Applied =>
  layerKinds[layer.kind].differentiate(layer, site)

/**
 * Apply layers.
 *
 * @param x `[batch, ...]`, of the first layer's input shape.
 * @returns the output, and the way back, which hands every gradient to the tape.
 */
export const differentiateLayers = (layers: readonly InferredLayer[], x: Tensor64, tape: Tape64): Pass64 => {
  let y = x
  const backs = layers.map(({ layer, name, outputShape, body, shortcut }) => {
    const input = y
    const { pullback, moving, ...applied } = applyLayer(layer, {
      x: input,
      outputShape,
      parameter: (role) => tape.parameter(`${name}/${role}`),
      mask: () => tape.mask(name),
      applyBranch: (branch) => differentiateLayers(branch === 'body' ? body : shortcut, input, tape),
    })
    y = applied.y
    for (const [role, values] of Object.entries(moving ?? {})) tape.takeMoving(`${name}/${role}`, values)
    return (dy: Float64Array): Float64Array => {
      const { dx, parameters } = pullback(dy)
      for (const [role, gradient] of Object.entries(parameters))
        tape.takeGradient(`${name}/${role}`, gradient)
      return dx
    }
  })
  return { y, back: (dy) => backs.reduceRight((gradient, back) => back(gradient), dy) }
}
