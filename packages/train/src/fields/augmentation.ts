/** What is done to each training image before it is used. */

import { checkName, refuse } from '@laperm/core/settings'
import { type AugmentationSpec, checkAugmentation } from '@laperm/data'
import type { Field } from './field.ts'
import { readNumber } from './text.ts'

const checkOrNone = (value: unknown): AugmentationSpec | null =>
  value === null ? null : checkAugmentation('augmentation', value)

const example = 'rotation=10,shift=0.1,zoom=0.1,flip'

/** `rotation=15,shift=0.1,zoom=0.1,flip`; what is left out is 0 or off, and nothing is said twice. @throws SettingProblem */
const readAugmentation = (text: string, path: string): AugmentationSpec => {
  const given = new Map<string, string | undefined>()
  for (const part of text.split(',')) {
    const [name = '', value] = part.trim().split(/=(.*)/s)
    const key = checkName('augmentation', name, ['rotation', 'shift', 'zoom', 'flip'])
    if (given.has(key)) refuse(path, text, `it must say '${key}' once`)
    if ((key === 'flip') !== (value === undefined))
      refuse(path, part, `it must be like ${example}: flip takes no value, the others need one`)
    given.set(key, value)
  }
  const amount = (key: string): number => (given.has(key) ? readNumber(given.get(key) ?? '', path) : 0)
  return {
    rotationDegrees: amount('rotation'),
    shiftFraction: amount('shift'),
    zoom: amount('zoom'),
    horizontalFlip: given.has('flip'),
  }
}

export const augmentationField: Field<AugmentationSpec | null> = {
  check: checkOrNone,
  initial: ({ network }) => network.recipe.augmentation,
  complete: (setting, { network }) =>
    setting === true
      ? (network.recipe.augmentation ??
        refuse(
          'augmentation',
          true,
          `the recipe of ${network.model.name} has none; say which, like ${example}`,
        ))
      : setting,
  flags: [
    {
      name: 'augment',
      value: '[spec]',
      group: 'What to train on',
      help: `the recipe's, or e.g. ${example}`,
      path: 'augmentation',
      read: readAugmentation,
      bare: true,
      opposite: { says: null, help: 'train on the images as they are' },
    },
  ],
}
