/** A list of layers, with a bounded number of them and a bounded depth. */
import type { Layer } from '../layers/layer-kinds.ts'
import { refuseBecause } from './place.ts'
import { listOf, type Rule } from './rule.ts'

/** Layers that a model may have, those inside residual layers counted. The paper's deepest has 177. */
export const mostLayers = 10_000

/** Residual layers that may lie in each other. */
export const deepestNesting = 32

const says = `a list of at most ${mostLayers} layers`

const layerRule: Rule<Layer> = {
  says: 'a layer',
  parse: (value, place) => place.parseLayer(value, place),
}

const listRule = listOf(layerRule, says, 0, mostLayers)

/** Layers, one after the other. */
export const layersRule: Rule<readonly Layer[]> = {
  says,
  parse: (value, place) => {
    if (place.depth > deepestNesting)
      return refuseBecause(
        place,
        value,
        `${place.path} lies in ${place.depth} layers, but at most ${deepestNesting} may lie in each other`,
      )
    return listRule.parse(value, place)
  },
}
