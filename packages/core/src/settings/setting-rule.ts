/** Rules of single settings, for values that come from outside. */

/** What a setting must be. */
export interface SettingRule<Value> {
  /** Completes "it must be ...". */
  readonly says: string
  /** Whether a value keeps the rule. */
  readonly holds: (value: unknown) => value is Value
}

/** A rule for every setting of a spec. */
export type SettingRules<Spec> = {
  readonly [Name in Exclude<keyof Spec, 'kind'>]: SettingRule<Spec[Name]>
}

/** A number for which `holds`; NaN never is. */
export const numberRule = (says: string, holds: (x: number) => boolean): SettingRule<number> => ({
  says,
  holds: (value): value is number => typeof value === 'number' && holds(value),
})

/** A rate, a factor, a small constant. */
export const positive = numberRule('a finite number above 0', (x) => x > 0 && x < Number.POSITIVE_INFINITY)

/** A share that is never the whole: of pruned weights, of what an average keeps at a step. */
export const share = numberRule('a number of at least 0 and below 1', (x) => x >= 0 && x < 1)

/** A weight as a 32-bit float holds it, but not 0. */
export const nonZeroWeight = numberRule(
  'a number other than 0 as a 32-bit float (1.4e-45 to 3.4e38 in size)',
  (x) => Math.fround(x) !== 0 && Number.isFinite(Math.fround(x)),
)

/** A count of steps or epochs. */
export const count = numberRule('an integer of at least 1', (x) => Number.isSafeInteger(x) && x >= 1)

/** A switch. */
export const truth: SettingRule<boolean> = {
  says: 'true or false',
  holds: (value): value is boolean => typeof value === 'boolean',
}

/** One of some names. */
export const oneOf = <Name extends string>(names: readonly Name[]): SettingRule<Name> => ({
  says: names.join(' or '),
  holds: (value): value is Name => names.some((name) => name === value),
})
