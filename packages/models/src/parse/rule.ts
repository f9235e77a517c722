/** Rules of single values: each turns an unknown value into a known one or says what it must be. */
import type { SettingRule } from '@laperm/core'
import { nearestName } from '../nearest-name.ts'
import { type Place, placeOfItem, refuse } from './place.ts'

/** What a value must be. */
export interface Rule<A> {
  /** Completes "must be ...". */
  readonly says: string
  /** Throws a `ModelProblem` that names the place, the value and the rule. */
  readonly parse: (value: unknown, place: Place) => A
}

/** A number for which `holds`. */
const numberRule = (says: string, holds: (x: number) => boolean): Rule<number> => ({
  says,
  parse: (value, place) => (typeof value === 'number' && holds(value) ? value : refuse(place, value, says)),
})

/** A size: of a kernel, of a layer, of an axis. */
export const positiveInteger = numberRule('a positive integer', (x) => Number.isSafeInteger(x) && x > 0)

/** A factor that may be 0. */
export const nonNegative = numberRule('a number >= 0', (x) => x >= 0 && x < Number.POSITIVE_INFINITY)

/** A number above 0. */
export const positive = numberRule('a number > 0', (x) => x > 0 && x < Number.POSITIVE_INFINITY)

/** A share that is never the whole. */
export const fraction = numberRule('a number in [0, 1)', (x) => x >= 0 && x < 1)

/** A rule of core's. */
export const ruleOf = <A>({ says, holds }: SettingRule<A>): Rule<A> => ({
  says,
  parse: (value, place) => (holds(value) ? value : refuse(place, value, says)),
})

/** True or false. */
export const truth: Rule<boolean> = {
  says: 'true or false',
  parse: (value, place) => (typeof value === 'boolean' ? value : refuse(place, value, 'true or false')),
}

/** One of some names; a name that is none of them is refused with the nearest. */
export const oneOf = <Name extends string>(names: readonly Name[]): Rule<Name> => {
  const says = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return {
    says,
    parse: (value, place) => {
      const found = names.find((name) => name === value)
      if (found !== undefined) return found
      const nearest = typeof value === 'string' ? nearestName(value, names) : null
      return refuse(place, value, nearest === null ? says : `${says}; did you mean ${nearest}?`)
    },
  }
}

/** This name and no other. */
export const exactly = <const Name extends string>(name: Name): Rule<Name> => oneOf([name])

/** A list of `least` to `most` items that all keep one rule. */
export const listOf = <A>(item: Rule<A>, says: string, least: number, most: number): Rule<readonly A[]> => ({
  says,
  parse: (value, place) =>
    Array.isArray(value) && value.length >= least && value.length <= most
      ? Array.from(value, (each: unknown, i) => item.parse(each, placeOfItem(place, i)))
      : refuse(place, value, says),
})
