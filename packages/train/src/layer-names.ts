/** How layers are named wherever one is asked for: `conv1` stands for the weights of that layer, `conv1/kernel` for that tensor alone. */
import { nearestName } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type UnknownName, unknownName } from './errors.ts'

/** A tensor that may be meant; `layer` is the one that it belongs to, empty for none. */
export interface LayerTensor {
  readonly name: string
  readonly layer: string
}

/** The layer of one of our parameters: `conv1` of `conv1/kernel`. */
export const layerOfParameter = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')))

const lastPart = (layer: string): string => layer.slice(layer.lastIndexOf('/') + 1)

/**
 * Names of the tensors that are meant: the one of that name, else all of the layer of that name, else of those whose path ends so (Keras 3
 * writes `layers/conv2d` for `conv2d`); none where there is no such.
 */
export const tensorsNamed = (asked: string, known: readonly LayerTensor[]): readonly string[] => {
  const rules: readonly ((tensor: LayerTensor) => boolean)[] = [
    ({ name }) => name === asked,
    ({ layer }) => layer === asked,
    ({ layer }) => lastPart(layer) === asked,
  ]
  if (asked === '') return []
  return (
    rules
      .map((isMeant) => known.filter(isMeant))
      .find(({ length }) => length > 0)
      ?.map(({ name }) => name) ?? []
  )
}

/** The same, as an error with the nearest name where there is no such layer. */
export const namedLayers = (
  asked: string,
  known: readonly LayerTensor[],
): E.Either<UnknownName, readonly string[]> => {
  const found = tensorsNamed(asked, known)
  if (found.length > 0) return E.right(found)
  const names = known.map(({ name }) => name)
  const layers = known.flatMap(({ layer }) => (layer === '' ? [] : [layer, lastPart(layer)]))
  return E.left(unknownName('layer', asked, nearestName(asked, [...layers, ...names]), names))
}
