/** Whether a condition can be meant of the runs that there are: a typing error must not look like a list without runs. */
import { invalidSetting } from '@laperm/core'
import { datasetNames } from '@laperm/data'
import { nearestName, zooNames } from '@laperm/models'
import { decimalOf, optimizerNames, unknownName } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Fields, FieldValue } from './run-fields.ts'
import { type FilterError, type RunCondition, rangeOf } from './run-filter.ts'
import { runStatuses } from './summary-file.ts'

/** Fields with one of some names, as far as those are known without runs: runs may have others, of networks and data of one's own. */
const namesOf: Readonly<Record<string, readonly string[]>> = {
  model: zooNames,
  dataset: datasetNames,
  optimizer: optimizerNames,
  status: [...runStatuses, 'killed', 'damaged'],
}

const isNumberOrRange = (text: string): boolean => {
  const range = rangeOf(text)
  return range === null ? decimalOf(text) !== null : range[0] <= range[1]
}

/** What a value must be, by the values that runs have; null where it is. */
const brokenRule = (value: string, found: readonly FieldValue[]): string | null => {
  if (found.every((one) => typeof one === 'number') && !isNumberOrRange(value))
    return "it must be a number as these runs have it, a range like 0..4 whose first end is not above its second, or 'none'"
  if (found.every((one) => typeof one === 'boolean') && !/^(true|false)$/i.test(value))
    return "it must be 'true', 'false' or 'none'"
  return null
}

/**
 * Check a condition whose field has been resolved.
 *
 * @param runs whose values tell what the field is; where none has a value, everything can be meant.
 * @returns `Left(InvalidSetting)` for a value of another kind than the field's, `Left(UnknownName)` for a name that neither LaPerm nor a run knows.
 */
export const checkCondition = (
  condition: RunCondition,
  runs: readonly Fields[],
): E.Either<FilterError, RunCondition> => {
  const { field, value } = condition
  const found = [...new Set(runs.map((fields) => fields[field] ?? null))].filter((one) => one !== null)
  if (found.length === 0 || value.toLowerCase() === 'none') return E.right(condition)
  const rule = brokenRule(value, found)
  if (rule !== null) return E.left(invalidSetting(`the field ${field}`, `'${value}'`, rule))
  const known = namesOf[field]
  if (known === undefined) return E.right(condition)
  const names = [...new Set([...known, ...found.map(String)])]
  return names.some((name) => name.toLowerCase() === value.toLowerCase())
    ? E.right(condition)
    : E.left(unknownName(`${field} of a run`, value, nearestName(value, names), names))
}
