/** The data set, by its name: a built-in one, or one's own, which whoever trains hands in. */

import { checkName, refuse } from '@laperm/core/settings'
import { datasetNames } from '@laperm/data'
import { checkFreeName } from './checks.ts'
import type { Field } from './field.ts'
import { readText } from './text.ts'

/** A name must be a built-in one; of a data set of one's own the value itself is given. */
const completeDataset = (setting: unknown): unknown =>
  typeof setting === 'object' && setting !== null && 'name' in setting
    ? setting.name
    : checkName('data set', setting, datasetNames)

/**
 * Whether the setting is a `Dataset` whose inputs are floats, or a record that says `floats`. A name says nothing of that: built-in data are
 * pixels.
 */
export const hasFloats = (setting: unknown): boolean => {
  if (typeof setting !== 'object' || setting === null) return false
  if ('floats' in setting) return setting.floats === true
  if (!('train' in setting)) return false
  const { train } = setting
  return (
    typeof train === 'object' && train !== null && 'inputs' in train && train.inputs instanceof Float32Array
  )
}

export const datasetField: Field<string> = {
  check: (value) => checkFreeName('dataset', value),
  complete: completeDataset,
  // The paper's; but digits instead of MNIST, because they need no files and no network and have the same shape.
  initial: ({ network: { recipe, model } }) => {
    if (recipe.dataset === undefined)
      return refuse(
        'dataset',
        undefined,
        `it must be named: no built-in data set has inputs of [${model.inputShape.join(', ')}], as ${model.name} takes`,
      )
    return recipe.dataset === 'mnist' ? 'digits' : recipe.dataset
  },
  flags: [
    {
      name: 'dataset',
      value: '<name>',
      group: 'What to train on',
      help: `${datasetNames.join(', ')}, or the path of one of your own (default: digits; cifar10 for networks of its size)`,
      path: 'dataset',
      read: readText,
    },
  ],
}
