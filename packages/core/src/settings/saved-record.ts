/** Records that were saved as JSON, read back: a rule for every field, whose type is the field's. */
import * as E from '../either.ts'
import { numberRule, type SettingRule } from './setting-rule.ts'

/** A rule for every field of a record. A field that may be left out has an {@link optional} one. */
export type FieldRules<Fields> = {
  readonly [Name in keyof Required<Fields>]: SettingRule<Fields[Name]>
}

/** The first field that is not what it must be. */
export interface BrokenField {
  readonly field: string
  readonly value: unknown
  /** Completes "it must be ...". */
  readonly says: string
}

/** Whether a value is a plain record, and no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const brokenField = (
  record: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, SettingRule<unknown>>>,
): BrokenField | null => {
  for (const [field, { says, holds }] of Object.entries(rules))
    if (!holds(record[field])) return { field, value: record[field], says }
  return null
}

/**
 * The fields that rules are for, in the order in which they stand in the record; others are left out.
 *
 * @returns `Left` with the first field, in the order of the rules, that breaks its rule.
 */
export const readFields = <Fields extends object>(
  record: Readonly<Record<string, unknown>>,
  rules: FieldRules<Fields>,
): E.Either<BrokenField, Fields> => {
  const broken = brokenField(record, { ...rules })
  if (broken !== null) return E.left(broken)
  const known = Object.entries(record).filter(([field]) => Object.hasOwn(rules, field))
  // Every field has a rule of its type, and each holds.
  return E.right(Object.fromEntries(known) as Fields)
}

/** A record in another. */
export const recordRule = <Fields extends object>(
  says: string,
  rules: FieldRules<Fields>,
): SettingRule<Fields> => ({
  says,
  holds: (value): value is Fields => isRecord(value) && brokenField(value, { ...rules }) === null,
})

/** A list of any length. */
export const listRule = <Item>(says: string, { holds }: SettingRule<Item>): SettingRule<readonly Item[]> => ({
  says,
  holds: (value): value is readonly Item[] => Array.isArray(value) && value.every(holds),
})

/** Or null. */
export const orNull = <Value>({ says, holds }: SettingRule<Value>): SettingRule<Value | null> => ({
  says: `${says} or null`,
  holds: (value): value is Value | null => value === null || holds(value),
})

/** Or left out. */
export const optional = <Value>({ says, holds }: SettingRule<Value>): SettingRule<Value | undefined> => ({
  says: `${says}, where it is there`,
  holds: (value): value is Value | undefined => value === undefined || holds(value),
})

/** Any text. */
export const text: SettingRule<string> = {
  says: 'text',
  holds: (value): value is string => typeof value === 'string',
}

/** How many of something there are: 0 too. */
export const amount = numberRule('an integer of at least 0', (x) => Number.isSafeInteger(x) && x >= 0)

/** Any number but NaN and infinities, which JSON does not have. */
export const finite = numberRule('a finite number', Number.isFinite)
