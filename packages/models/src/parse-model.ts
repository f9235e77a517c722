/** A network of one's own from JSON: every value is checked, and what is left out gets its default. */
import { either as E } from 'fp-ts'
import { attempt, type ModelError } from './errors.ts'
import { inferShapes } from './infer-shapes.ts'
import type { Model } from './model.ts'
import { modelSettings } from './parse/model-rules.ts'
import { rootPlace } from './parse/place.ts'
import { parseSettings, recordOf } from './parse/record.ts'

/**
 * Parse a model, for example what `JSON.parse` gives of a file.
 *
 * Keys that are left out get the defaults of the layer makers; of the model itself `initializers` (`heUniform` kernels, `zeros` biases) and
 * `permutedRoles` (`["kernel"]`) may be left out. A kernel's, pool's or stride's size may be one number. Every layer must fit the one before
 * it. `JSON.stringify` of a model is parsed back to an equal model.
 *
 * @returns `Left(ModelError)` at the first value that breaks its rule, with its path, the value and the rule. An unknown key or kind is
 * reported with the nearest known one. Nesting, the number of layers and the number of weights are bounded.
 * @example
 * parseModel({ name: 'mine', inputShape: [28, 28, 1], layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }, { kind: 'softmax' }] })
 */
export const parseModel = (value: unknown): E.Either<ModelError, Model> => {
  const parsed = attempt(() => {
    const nameless = rootPlace('')
    const record = recordOf(value, nameless, 'a record with name, inputShape and layers')
    const name = modelSettings.name.rule.parse(record.get('name'), { ...nameless, path: 'name' })
    return parseSettings<Model>(record, modelSettings, rootPlace(name), 'a model')
  })
  if (E.isLeft(parsed)) return parsed
  return E.map(() => parsed.right)(inferShapes(parsed.right))
}
