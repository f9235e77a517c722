/** Experiments from what a person set, and from saved JSON; both by the table of fields. */

import { checkRecord, refuse } from '@laperm/core/settings'
import type { either as E } from 'fp-ts'
import type { ExperimentError } from './errors.ts'
import type { Experiment, ExperimentSettings } from './experiment.ts'
import { settled } from './fields/checks.ts'
import { hasFloats } from './fields/dataset.ts'
import type { Basis, Field } from './fields/field.ts'
import { expandOptimizer } from './fields/optimizer-name.ts'
import { experimentFields, fieldNames } from './fields/table.ts'
import { networkOf } from './network.ts'

/** Walk the table: `take` says what each field holds before it is checked. */
const buildExperiment = (
  given: Readonly<Record<string, unknown>>,
  take: (name: keyof Experiment, field: Field<unknown>, basis: Basis) => unknown,
): Experiment => {
  const model = experimentFields.model.check(given.model)
  const network = networkOf(model)
  const floats = hasFloats(given.dataset)
  const before: Partial<Record<keyof Experiment, unknown>> = { model }
  for (const name of fieldNames) {
    if (name === 'model') continue
    const field: Field<unknown> = experimentFields[name]
    const basis = { network, before: before as Partial<Experiment>, floats }
    before[name] = field.check(take(name, field, basis), basis)
  }
  // The table has exactly the keys of an experiment, and every one of them has been checked.
  return before as Experiment
}

/**
 * An experiment from what a person set: the model's recipe, overridden field by field, every field checked. Where the recipe says MNIST
 * `digits` is the default, because it needs no files and no network; its accuracies are its own, the paper's need `dataset: 'mnist'`.
 *
 * @param settings fields that are left out or undefined come from the recipe.
 * @returns `Left` with the first field that breaks its rule; an unknown name comes with the nearest known one.
 * A network of one's own starts from `ownRecipe`; a data set of one's own is given as a value, and only its name is kept. Its inputs
 * decide the default normalization: pixels are divided by 255, floats are taken as they are (`none`).
 * @example resolveExperiment({ model: 'f2', dataset: 'mnist', epochs: 3 })
 * @example resolveExperiment({ model: myModel, dataset: myDataset, outer: { syncPeriod: 100 } })
 */
export const resolveExperiment = (settings: ExperimentSettings): E.Either<ExperimentError, Experiment> =>
  settled(() => {
    const known = checkRecord('experiment', settings, [...fieldNames, 'optimizer'])
    const given = expandOptimizer(
      Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    )
    return buildExperiment(given, (name, { initial, complete }, basis) => {
      const setting = Object.hasOwn(given, name) ? given[name] : initial(basis)
      return complete === undefined ? setting : complete(setting, basis)
    })
  })

/**
 * Fields of an experiment without those that came later and hold what experiments had before them: what tells experiments apart stays what it was
 * when a field is added.
 */
export const withoutAbsent = <Fields extends Partial<Experiment>>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => {
      const field: Field<unknown> | undefined = experimentFields[name as keyof Experiment]
      return field?.absent === undefined || value !== field.absent
    }),
  ) as Partial<Fields>

/**
 * An experiment from a saved `config.json`: nothing is filled in, so that a run stays what it was when recipes change.
 *
 * @param value parsed JSON.
 * @returns `Left` with the first field that is missing, unknown or breaks its rule.
 */
export const parseExperiment = (value: unknown): E.Either<ExperimentError, Experiment> =>
  settled(() => {
    const given = checkRecord('experiment', value, fieldNames)
    return buildExperiment(given, (name, { absent }) => {
      if (given[name] !== undefined) return given[name]
      return absent === undefined ? refuse(name, undefined, 'it must be given in a saved experiment') : absent
    })
  })
