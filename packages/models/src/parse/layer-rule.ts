/** Layers from unknown JSON: one by its kind, and a list of them with a bounded number and a bounded depth. */
import { type Place, placeOfKey, refuse, refuseBecause } from './place.ts'
import { parseSettings, recordOf, type SettingsOf } from './record.ts'
import { listOf, oneOf, type Rule } from './rule.ts'

/** Layers that a model may have, those inside residual layers counted. The paper's deepest has 177. */
const mostLayers = 10_000

/** Residual layers that may lie in each other. */
const deepestNesting = 32

/** The settings of every kind of layer, by its name. */
type KindTable<Layers> = { readonly [Name in keyof Layers]: { readonly settings: SettingsOf<Layers[Name]> } }

/** A layer of one of these kinds. `kinds` is called when a layer is parsed: a kind's own rule may hold this one. */
export const layerRuleOf = <Layers extends Readonly<Record<string, object>>>(
  kinds: () => KindTable<Layers>,
): Rule<Layers[keyof Layers]> => ({
  says: 'a layer',
  parse: (value, place) => {
    if (place.countLayer() > mostLayers)
      refuse(place, value, `the last: a model has at most ${mostLayers} layers`)
    const record = recordOf(value, place, 'a record with the kind of the layer and its settings')
    const table = kinds()
    const names = Object.keys(table) as readonly (keyof Layers & string)[]
    const kind = oneOf(names).parse(record.get('kind'), placeOfKey(place, 'kind'))
    const inside: Place = { ...place, depth: place.depth + 1 }
    return parseSettings(record, table[kind].settings, inside, `a ${kind} layer`)
  },
})

const says = `a list of at most ${mostLayers} layers`

/** Layers, one after the other. */
export const layersRuleOf = <L>(layerRule: Rule<L>): Rule<readonly L[]> => {
  const listRule = listOf(layerRule, says, 0, mostLayers)
  return {
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
}
