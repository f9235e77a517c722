/**
 * Checks of single settings: each turns an unknown value into a known one or says which rule it breaks.
 *
 * They throw {@link SettingProblem}, so that a check reads as one line; `resolveExperiment` catches it and gives an `Either`.
 * Internal to this package.
 */
import { invalidSetting } from '@laperm/core'
import { nearestName } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type ExperimentError, unknownName } from '../errors.ts'

/** Carries an {@link ExperimentError} out of nested checks. Never leaves this package. */
export class SettingProblem extends Error {
  readonly problem: ExperimentError
  constructor(problem: ExperimentError) {
    super(problem._tag)
    this.problem = problem
  }
}

const show = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return String(value)
}

/** Stop with: this setting has this value, but that is the rule. */
export const refuse = (setting: string, value: unknown, rule: string): never => {
  throw new SettingProblem(invalidSetting(setting, show(value), rule))
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

/** A finite number for which `holds`; `rule` completes "it must be a number ...". */
export const checkNumber = (
  setting: string,
  value: unknown,
  rule: string,
  holds: (x: number) => boolean,
): number =>
  typeof value === 'number' && Number.isFinite(value) && holds(value)
    ? value
    : refuse(setting, value, `it must be a number ${rule}`)

export const checkPositive = (setting: string, value: unknown): number =>
  checkNumber(setting, value, 'above 0', (x) => x > 0)

/** A share in `[0, 1)`: of pruned weights, of momentum. */
export const checkFraction = (setting: string, value: unknown): number =>
  checkNumber(setting, value, 'of at least 0 and below 1', (x) => x >= 0 && x < 1)

export const checkBoolean = (setting: string, value: unknown): boolean =>
  typeof value === 'boolean' ? value : refuse(setting, value, 'it must be true or false')

export const checkList = (setting: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : refuse(setting, value, 'it must be a list')

/** Fit for the name of a run's directory, and for a terminal. */
const freeName = /^[^\p{C}\p{Z}/\\:*?"<>|.][^\p{C}/\\:*?"<>|]{0,99}$/u

/** A name of something that is handed in by the caller, who alone knows which there are: a data set of one's own, an engine. */
export const checkFreeName = (setting: string, value: unknown): string =>
  typeof value === 'string' && freeName.test(value)
    ? value
    : refuse(setting, value, 'it must be a name of at most 100 characters without any of / \\ : * ? " < > |')

/** One of the known names; an unknown one is reported with the nearest. `what` is for people: `data set`. */
export const checkName = <Name extends string>(
  what: string,
  value: unknown,
  known: readonly Name[],
): Name => {
  const found = known.find((name) => name === value)
  if (found !== undefined) return found
  const name = typeof value === 'string' ? value : show(value)
  throw new SettingProblem(unknownName(what, name, nearestName(name, known), known))
}

/** A plain record that has no keys but the known ones; an unknown key is reported with the nearest known one. */
export const checkRecord = (
  setting: string,
  value: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(setting, value, 'it must be a record')
  for (const key of Object.keys(value)) checkName(`setting in ${setting}`, key, known)
  return value as Readonly<Record<string, unknown>>
}

/** The record's kind, and the record, which has exactly the fields of its kind. */
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

/** Run checks: what they refuse comes back as a value. */
export const settled = <A>(check: () => A): E.Either<ExperimentError, A> => {
  try {
    return E.right(check())
  } catch (error) {
    if (error instanceof SettingProblem) return E.left(error.problem)
    throw error
  }
}
