/** A layer from unknown JSON: its kind, and the settings of that kind. */
import { type LayerKindName, type LayersByKind, layerKindNames, layerKinds } from '../layers/layer-kinds.ts'
import { mostLayers } from './layers-rule.ts'
import { type Place, placeOfKey, refuse } from './place.ts'
import { parseSettings, recordOf } from './record.ts'
import { oneOf } from './rule.ts'

const kindRule = oneOf(layerKindNames)

const parseKind = <Name extends LayerKindName>(
  name: Name,
  record: ReadonlyMap<string, unknown>,
  place: Place,
): LayersByKind[Name] => parseSettings(record, layerKinds[name].settings, place, `a ${name} layer`)

/** A parser of one model's layers; it counts them, wherever they lie. */
export const makeLayerParser = (): Place['parseLayer'] => {
  let count = 0
  return (value, place) => {
    if (++count > mostLayers) refuse(place, value, `the last: a model has at most ${mostLayers} layers`)
    const record = recordOf(value, place, 'a record with the kind of the layer and its settings')
    const kind = kindRule.parse(record.get('kind'), placeOfKey(place, 'kind'))
    return parseKind(kind, record, { ...place, depth: place.depth + 1 })
  }
}
