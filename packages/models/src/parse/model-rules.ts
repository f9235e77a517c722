/** The rules of a model's own keys, and what each is when it is left out. */
import { type InitializerSpec, initializerRules, type ParameterRole, type SettingRule } from '@laperm/core'
import { type Layer, layersRule } from '../layers/layer-kinds.ts'
import type { Model } from '../model.ts'
import type { ModelInitializers } from '../parameter-spec.ts'
import { placeOfKey, refuse } from './place.ts'
import { parseSettings, recordOf, type SettingsOf } from './record.ts'
import { listOf, oneOf, positiveInteger, type Rule, ruleOf } from './rule.ts'

const nameSays = '1 to 64 letters, digits, dots and dashes, with a letter or a digit at both ends'

/** The name becomes part of a directory's name. */
const nameRule: Rule<string> = {
  says: nameSays,
  parse: (value, place) =>
    typeof value === 'string' && /^[a-z\d](?:[a-z\d.-]{0,62}[a-z\d])?$/i.test(value)
      ? value
      : refuse(place, value, nameSays),
}

/** What one example is; engines take images and flat vectors. */
export const inputShapeRule: Rule<readonly number[]> = listOf(
  positiveInteger,
  'a list of 1 to 8 positive integers, [height, width, channels] for images',
  1,
  8,
)

const layersSay = 'a list of at least one layer'

/** The layers of a whole model. */
export const modelLayersRule: Rule<readonly Layer[]> = {
  says: layersSay,
  parse: (value, place) => {
    const layers = layersRule.parse(value, place)
    return layers.length > 0 ? layers : refuse(place, value, layersSay)
  },
}

const initializerKinds = Object.keys(initializerRules) as readonly InitializerSpec['kind'][]
const initializerKind = oneOf(initializerKinds)

const initializerSays = 'a record with the kind of the initializer'

const initializerRule: Rule<InitializerSpec> = {
  says: initializerSays,
  parse: (value, place) => {
    const record = recordOf(value, place, initializerSays)
    const kind = initializerKind.parse(record.get('kind'), placeOfKey(place, 'kind'))
    const ofKind = Object.entries<SettingRule<unknown>>(initializerRules[kind])
    const settings = Object.fromEntries(ofKind.map(([name, rule]) => [name, { rule: ruleOf(rule) }]))
    // Every setting of the kind has its rule in core.
    return parseSettings(
      record,
      { kind: { rule: initializerKind }, ...settings },
      place,
      `a ${kind} initializer`,
    ) as InitializerSpec
  },
}

const initializerSettings: SettingsOf<ModelInitializers> = {
  kernel: { rule: initializerRule, byDefault: { kind: 'heUniform' } },
  bias: { rule: initializerRule, byDefault: { kind: 'zeros' } },
}

const initializersSay = 'a record with the initializers of kernel and bias'

const initializersRule: Rule<ModelInitializers> = {
  says: initializersSay,
  parse: (value, place) =>
    parseSettings(recordOf(value, place, initializersSay), initializerSettings, place, 'initializers'),
}

const rolesSay = 'a list of different roles: kernel, bias, gamma, beta'

const roleRule = oneOf<ParameterRole>(['kernel', 'bias', 'gamma', 'beta'])
const roleListRule = listOf(roleRule, rolesSay, 0, 4)

const rolesRule: Rule<readonly ParameterRole[]> = {
  says: rolesSay,
  parse: (value, place) => {
    const roles = roleListRule.parse(value, place)
    return new Set(roles).size === roles.length ? roles : refuse(place, value, rolesSay)
  },
}

/** Every key of a model. The defaults are those of most of the paper's networks: He's uniform kernels, biases of zero, kernels permuted. */
export const modelSettings: SettingsOf<Model> = {
  name: { rule: nameRule },
  inputShape: { rule: inputShapeRule },
  layers: { rule: modelLayersRule },
  initializers: {
    rule: initializersRule,
    byDefault: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  },
  permutedRoles: { rule: rolesRule, byDefault: ['kernel'] },
}
