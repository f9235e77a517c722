/** Checks of settings from outside: each turns an unknown value into a known one, or throws a `SettingProblem` that says which rule it breaks. */
import { isRecord } from './saved-record.ts'
import { refuse, refuseName } from './setting-problem.ts'
import type { SettingRule, SettingRules } from './setting-rule.ts'

/** A value that keeps a rule. */
export const checkSetting = <Value>(setting: string, value: unknown, rule: SettingRule<Value>): Value =>
  rule.holds(value) ? value : refuse(setting, value, `it must be ${rule.says}`)

/** @throws RangeError for a programmer's setting that breaks its rule. */
export const requireSetting = <Value>(setting: string, value: unknown, rule: SettingRule<Value>): void => {
  if (!rule.holds(value)) throw new RangeError(`${setting}: must be ${rule.says}, got ${String(value)}`)
}

/** An integer in `[least, most]`; the end that it is beyond is the one that is named. */
export const checkInteger = (
  setting: string,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
    return value
  if (typeof value === 'number' && value > most)
    return refuse(setting, value, `it must be an integer of at most ${most}`)
  return refuse(setting, value, `it must be an integer of at least ${least}`)
}

/** A list of anything. */
export const checkList = (setting: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : refuse(setting, value, 'it must be a list')

/** One of the known names. @param what is named, for people: `data set`. */
export const checkName = <Name extends string>(what: string, value: unknown, known: readonly Name[]): Name =>
  known.find((name) => name === value) ?? refuseName(what, value, known)

/** A plain record that has no keys but the known ones. */
export const checkRecord = (
  setting: string,
  value: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> => {
  if (!isRecord(value)) return refuse(setting, value, 'it must be a record')
  for (const key of Object.keys(value)) checkName(`setting in ${setting}`, key, known)
  return value
}

/** The record's kind, and the record, which has no fields but those of its kind. */
export const checkKind = <Kind extends string>(
  setting: string,
  value: unknown,
  fields: Readonly<Record<Kind, readonly string[]>>,
): readonly [Kind, Readonly<Record<string, unknown>>] => {
  const kinds = Object.keys(fields) as Kind[]
  const every = ['kind', ...new Set(Object.values<readonly string[]>(fields).flat())]
  const kind = checkName(`kind of ${setting}`, checkRecord(setting, value, every).kind, kinds)
  return [kind, checkRecord(`${setting} ${kind}`, value, ['kind', ...fields[kind]])]
}

type RulesOf<Spec, Kind> = Spec extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? SettingRules<Spec>
    : never
  : never

/** The rules of every kind of a spec. */
export type KindRules<Spec extends { readonly kind: string }> = {
  readonly [Kind in Spec['kind']]: RulesOf<Spec, Kind>
}

/** A spec whose settings are single values, each with a rule of its own. */
export const checkSpec = <Spec extends { readonly kind: string }>(
  setting: string,
  value: unknown,
  rules: KindRules<Spec>,
): Spec => {
  const kinds = Object.entries(rules) as readonly [
    Spec['kind'],
    Readonly<Record<string, SettingRule<unknown>>>,
  ][]
  const fields = Object.fromEntries(kinds.map(([kind, ofKind]) => [kind, Object.keys(ofKind)]))
  const [found, record] = checkKind(setting, value, fields)
  const settings = Object.entries<SettingRule<unknown>>(rules[found as Spec['kind']])
  // Every setting of the kind has a rule, and each is applied.
  return {
    kind: found,
    ...Object.fromEntries(
      settings.map(([name, rule]) => [name, checkSetting(`${setting}.${name}`, record[name], rule)]),
    ),
  } as Spec
}
