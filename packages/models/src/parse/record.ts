/** Records whose keys are declared: each has a rule, and what it is when it is left out. */
import { nearestName } from '../nearest-name.ts'
import { type Place, placeOfKey, refuse, refuseBecause } from './place.ts'
import type { Rule } from './rule.ts'

/** A key of a record. It must be written unless it has a default. */
export interface Setting<A> {
  readonly rule: Rule<A>
  /** What it is when left out. */
  readonly byDefault?: A
  /** Left out, it is what this earlier key is. */
  readonly sameAs?: string
}

/** The declared keys of a record. */
export type SettingsOf<Fields> = { readonly [Key in keyof Fields]-?: Setting<Fields[Key]> }

/** The value as a record; what a prototype holds does not count. */
export const recordOf = (value: unknown, place: Place, says: string): ReadonlyMap<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map<string, unknown>(Object.entries(value))
    : refuse(place, value, says)

const refuseUnknown = (place: Place, key: string, known: readonly string[], what: string): never => {
  const shown = key.length > 40 ? `${key.slice(0, 40)}...` : key
  const nearest = nearestName(key, known)
  const meant = nearest === null ? '' : `; did you mean ${nearest}?`
  return refuseBecause(
    placeOfKey(place, shown),
    key,
    `${placeOfKey(place, shown).path} is no setting of ${what}, which has ${known.join(', ')}${meant}`,
  )
}

/**
 * Parse every declared key of a record; keys that are left out get their defaults.
 *
 * @param what is parsed, for people: `a conv2d layer`.
 * @throws ModelProblem at an undeclared key, a missing one, and a value that breaks its rule.
 */
export const parseSettings = <Fields extends object>(
  record: ReadonlyMap<string, unknown>,
  settings: SettingsOf<Fields>,
  place: Place,
  what: string,
): Fields => {
  const declared = Object.entries<Setting<unknown>>(settings)
  const known = declared.map(([key]) => key)
  for (const key of record.keys()) if (!known.includes(key)) refuseUnknown(place, key, known, what)
  const parsed = new Map<string, unknown>()
  for (const [key, { rule, byDefault, sameAs }] of declared) {
    const fallback = sameAs === undefined ? byDefault : parsed.get(sameAs)
    const written = record.get(key)
    const isLeftOut = written === undefined && fallback !== undefined
    parsed.set(key, isLeftOut ? fallback : rule.parse(written, placeOfKey(place, key)))
  }
  // The type of `settings` has a rule for every key of `Fields`, and each was applied.
  return Object.fromEntries(parsed) as Fields
}
