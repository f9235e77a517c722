/** Rules of an optimizer's settings, for values that come from outside. */

/** What a setting must be. */
export interface SettingRule {
  /** The rule, for people. */
  readonly says: string
  readonly holds: (value: unknown) => boolean
}

/** A rule for every setting of a spec. */
export type SettingRules<Spec> = { readonly [Name in Exclude<keyof Spec, 'kind'>]: SettingRule }

/** How much of an average is kept at a step. */
export const decay: SettingRule = {
  says: 'it must be a number of at least 0 and below 1',
  holds: (value) => typeof value === 'number' && value >= 0 && value < 1,
}

export const positive: SettingRule = {
  says: 'it must be a finite number above 0',
  holds: (value) => typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY,
}

export const truth: SettingRule = {
  says: 'it must be true or false',
  holds: (value) => typeof value === 'boolean',
}

export const oneOf = (names: readonly string[]): SettingRule => ({
  says: `it must be ${names.join(' or ')}`,
  holds: (value) => names.some((name) => name === value),
})
