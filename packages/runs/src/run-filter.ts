/** Conditions on runs as a person types them: `syncPeriod=20`, `sparsity>0.3`, `seed=0..4`, `status!=finished`. */

import { type InvalidSetting, invalidSetting } from '@laperm/core'
import { nearestName } from '@laperm/models'
import { decimalOf, experimentFlags, type UnknownName, unknownName } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Fields, FieldValue } from './run-fields.ts'

/** `!=` and `<=` before `=` and `<`, so that the longer one is found. */
const comparisons = ['!=', '<=', '>=', '=', '<', '>'] as const
type Comparison = (typeof comparisons)[number]

/** One condition. */
export interface RunCondition {
  /** A field of {@link fieldsOf}, or the flag that sets it: `sync-period`. */
  readonly field: string
  readonly comparison: Comparison
  /** A number, a name, `true`, `none`, or a range `0..4` with both ends. */
  readonly value: string
}

/** Why runs cannot be filtered or sorted. */
export type FilterError = InvalidSetting | UnknownName

const shape = 'it must be a field, one of = != < <= > >=, and a value: syncPeriod=20, seed=0..4'

/**
 * Read a condition.
 *
 * @param flag named in errors.
 */
export const parseCondition = (text: string, flag: string): E.Either<FilterError, RunCondition> => {
  const found = /^([^=!<>]+)(!=|<=|>=|=|<|>)(.+)$/s.exec(text)
  if (found === null) return E.left(invalidSetting(flag, `'${text}'`, shape))
  const [, field = '', sign = '', value = ''] = found
  const comparison = comparisons.find((known) => known === sign) as Comparison
  const isOrder = comparison !== '=' && comparison !== '!='
  if (isOrder && decimalOf(value) === null && !/^\d{4}-/.test(value))
    return E.left(invalidSetting(flag, `'${text}'`, `behind ${comparison} it must have a number or a date`))
  return E.right({ field: field.trim(), comparison, value: value.trim() })
}

/** The names that may be meant by one: itself, and where it is a flag of `laperm train`, what that flag sets. */
const meanings = (name: string): readonly string[] => {
  const path = experimentFlags.find((flag) => flag.name === name)?.path
  return path === undefined ? [name] : [name, path, path.split('.').at(-1) ?? path]
}

/**
 * The field that is meant by a name.
 *
 * @param runs whose fields are known.
 * @returns `Left(UnknownName)` with the nearest, where no run has such a field. Without runs every name is one.
 */
export const resolveField = (name: string, runs: readonly Fields[]): E.Either<UnknownName, string> => {
  const field = meanings(name).find((meant) => runs.some((fields) => Object.hasOwn(fields, meant)))
  if (field !== undefined) return E.right(field)
  if (runs.length === 0) return E.right(name)
  const names = [...new Set(runs.flatMap(Object.keys))].sort()
  return E.left(unknownName('field of a run', name, nearestName(name, names), names))
}

/** The ends of a range `0..4`; null for what is none. */
export const rangeOf = (text: string): readonly [number, number] | null => {
  const [from = '', to = '', ...rest] = text.split('..')
  const [least, most] = [decimalOf(from), decimalOf(to)]
  return rest.length > 0 || least === null || most === null ? null : [least, most]
}

const equals = (found: FieldValue, text: string): boolean => {
  if (found === null) return text === 'none'
  const range = rangeOf(text)
  if (range !== null) return typeof found === 'number' && range[0] <= found && found <= range[1]
  const number = decimalOf(text)
  if (typeof found === 'number') return number === found
  return String(found).toLowerCase() === text.toLowerCase()
}

/** Below, equal, above; null where the two cannot be ordered. Dates are ordered as their texts are. */
const order = (found: FieldValue, text: string): number | null => {
  if (typeof found === 'number') {
    const number = decimalOf(text)
    return number === null ? null : Math.sign(found - number)
  }
  if (typeof found !== 'string' || decimalOf(text) !== null) return null
  return found < text ? -1 : Number(found > text)
}

/** Whether a run meets a condition whose field has been resolved. What a run does not have is `none`, and neither below nor above. */
export const meets = (fields: Fields, { field, comparison, value }: RunCondition): boolean => {
  const found = fields[field] ?? null
  switch (comparison) {
    case '=':
      return equals(found, value)
    case '!=':
      return !equals(found, value)
    default: {
      const sign = order(found, value)
      if (sign === null) return false
      if (sign === 0) return comparison === '<=' || comparison === '>='
      return sign < 0 ? comparison.startsWith('<') : comparison.startsWith('>')
    }
  }
}

/** One for all comparisons: to make one takes longer than to compare. */
const letters = new Intl.Collator('en', { numeric: true })

/** Order of two values for sorting: numbers by size, texts by letters, what is not there last. */
export const compareValues = (one: FieldValue | undefined, other: FieldValue | undefined): number => {
  if (one == null || other == null) return Number(one == null) - Number(other == null)
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return letters.compare(String(one), String(other))
}
