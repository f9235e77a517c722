/**
 * How a check of a setting ends that fails. Checks throw, so that each reads as one line; `settle` turns what they throw into a value.
 */
import * as E from '../either.ts'
import { type InvalidSetting, invalidSetting, type UnknownSetting, unknownSetting } from '../errors/errors.ts'

/** What is wrong with a setting from outside. */
export type SettingError = InvalidSetting | UnknownSetting

/** Carries a {@link SettingError} out of nested checks, to {@link settle}. */
export class SettingProblem extends Error {
  readonly problem: SettingError
  constructor(problem: SettingError) {
    super(problem._tag)
    this.problem = problem
  }
}

const show = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return String(value)
}

/**
 * Stop with: this setting has this value, but that is the rule.
 *
 * @param rule a sentence without its full stop: `it must be true or false`.
 */
export const refuse = (setting: string, value: unknown, rule: string): never => {
  throw new SettingProblem(invalidSetting(setting, value === undefined ? 'not given' : show(value), rule))
}

/** Stop with: there is no such name. @param what is named, for people: `data set`. */
export const refuseName = (what: string, name: unknown, known: readonly string[]): never => {
  throw new SettingProblem(unknownSetting(what, typeof name === 'string' ? name : show(name), known))
}

/** Run checks: what they refuse comes back as a value. */
export const settle = <A>(check: () => A): E.Either<SettingError, A> => {
  try {
    return E.right(check())
  } catch (error) {
    if (error instanceof SettingProblem) return E.left(error.problem)
    throw error
  }
}
