/** The layers of a model that hold weights, one after the other, and what happens to the order of their inputs. */
import type { InferredLayer, InferredModel, Layer, ParameterSpec } from '@laperm/models'

/** A layer that holds weights. */
export interface ModelPlace {
  readonly layer: string
  readonly kind: Layer['kind']
  /** Its own parameters, in the inventory's order. */
  readonly parameters: readonly ParameterSpec[]
  /** `[height, width, channels]` where its inputs are an image laid flat; null where their order is nobody's choice. */
  readonly flattened: readonly [number, number, number] | null
}

const isImage = (shape: readonly number[]): shape is readonly [number, number, number] => shape.length === 3

/** The layers in the inventory's order: within a residual layer the body comes before the shortcut. */
export const modelPlaces = ({ layers }: InferredModel): readonly ModelPlace[] => {
  const places: ModelPlace[] = []
  let flattened: ModelPlace['flattened'] = null
  const walk = ({ layer, name, inputShape, parameters, body, shortcut }: InferredLayer): void => {
    switch (layer.kind) {
      case 'flatten':
        // With one channel, or one pixel, both orders are the same.
        flattened =
          isImage(inputShape) && inputShape[2] > 1 && inputShape[0] * inputShape[1] > 1 ? inputShape : null
        return
      case 'residual':
        for (const inner of [...body, ...shortcut]) walk(inner)
        return
      default:
        if (parameters.length === 0) return
        places.push({ layer: name, kind: layer.kind, parameters, flattened })
        if (layer.kind === 'dense') flattened = null
    }
  }
  for (const layer of layers) walk(layer)
  return places
}
