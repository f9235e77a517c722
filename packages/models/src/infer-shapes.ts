/**
 * Shape and parameter inference: walks a model once and gives every layer a name, its shapes and its parameters.
 *
 * What a layer does to shapes stands in its own file in `layers/`.
 */
import type { either as E } from 'fp-ts'
import { attempt, type ModelError, ModelProblem } from './errors.ts'
import type { InferredLayer, InferredModel } from './inventory.ts'
import type { Branch, Inference, LayerSite } from './layers/layer-kind.ts'
import { type Layer, type LayerKindName, type LayerNamed, layerKinds } from './layers/layer-kinds.ts'
import type { Model } from './model.ts'
import { inputShapeRule, modelLayersRule } from './parse/model-rules.ts'
import { placeOfKey, rootPlace } from './parse/place.ts'

/** Values of a shape and weights of a model: an index of 31 bits reaches no more. */
const mostValues = 2 ** 31 - 1

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

/** Shapes and parameters by the rule of the layer's kind. */
const inferLayer = <Name extends LayerKindName>(layer: LayerNamed<Name>, site: LayerSite<Layer>): Inference =>
  layerKinds[layer.kind].infer(layer, site)

/** Gives layers their names and counts their weights, in the order in which they are inferred. */
const makeWalker = (model: Model) => {
  const numbers = new Map<string, number>()
  let weights = 0

  const nextName = (layer: Layer): string => {
    const { baseName } = layerKinds[layer.kind]
    const number = (numbers.get(baseName) ?? 0) + 1
    numbers.set(baseName, number)
    return `${baseName}${number}`
  }

  const walkLayer = (
    layer: Layer,
    path: string,
    inputShape: readonly number[],
    isLast: boolean,
  ): InferredLayer => {
    const name = nextName(layer)
    const refuse = (reason: string): never => {
      throw new ModelProblem({ _tag: 'InvalidLayer', model: model.name, layer: name, path, reason })
    }
    const requireFew = (count: number, what: string): void => {
      if (count > mostValues) refuse(`${what}: ${count}, but at most ${mostValues} can be counted`)
    }
    const branches: Record<Branch, readonly InferredLayer[]> = { body: [], shortcut: [] }
    const site: LayerSite<Layer> = {
      name,
      inputShape,
      isLast,
      initializers: model.initializers,
      refuse,
      inferBranch: (branch, layers) => {
        const inferred = walkLayers(layers, `${path}.${branch}`, inputShape, false)
        branches[branch] = inferred.layers
        return inferred.outputShape
      },
    }
    const { outputShape, parameters = [] } = inferLayer(layer, site)
    const { body, shortcut } = branches
    requireFew(sizeOf(outputShape), 'too many values of its output')
    weights += parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    requireFew(weights, 'too many weights, those before it counted')
    return {
      layer,
      name,
      inputShape,
      outputShape,
      parameters: [...parameters, ...[...body, ...shortcut].flatMap((inner) => inner.parameters)],
      body,
      shortcut,
    }
  }

  const walkLayers = (
    layers: readonly Layer[],
    path: string,
    inputShape: readonly number[],
    isModel: boolean,
  ): Pick<InferredModel, 'layers' | 'outputShape'> => {
    let outputShape = inputShape
    const inferred = layers.map((layer, i) => {
      const result = walkLayer(layer, `${path}[${i}]`, outputShape, isModel && i === layers.length - 1)
      outputShape = result.outputShape
      return result
    })
    return { layers: inferred, outputShape }
  }

  return walkLayers
}

/** A model whose settings keep their rules, inferred. */
const inferChecked = (model: Model): InferredModel => {
  const { layers, outputShape } = makeWalker(model)(model.layers, 'layers', model.inputShape, true)
  return { model, layers, parameters: layers.flatMap((layer) => layer.parameters), outputShape }
}

/**
 * Infer every layer's name, shapes and parameters.
 *
 * @returns `Left(ModelError)` at the first setting that breaks its rule, or the first layer that does not fit; it says which, and why.
 */
export const inferShapes = (model: Model): E.Either<ModelError, InferredModel> =>
  attempt(() => {
    const place = rootPlace(model.name)
    const inputShape = inputShapeRule.parse(model.inputShape, placeOfKey(place, 'inputShape'))
    const layers = modelLayersRule.parse(model.layers, placeOfKey(place, 'layers'))
    return inferChecked({ ...model, inputShape, layers })
  })
