/**
 * How checks of fields end; checks of single settings are `@laperm/core/settings`'s. All throw, so that a field's check reads as one line;
 * {@link settled} turns what they throw into a value. Internal to this package.
 */
import { refuse, type SettingError, SettingProblem, settle } from '@laperm/core/settings'
import { type ModelError, nearestName } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type ExperimentError, unknownName } from '../errors.ts'

/** Carries what is wrong with a network of one's own out of nested checks. */
export class RefusedModel extends Error {
  readonly problem: ModelError
  constructor(problem: ModelError) {
    super(problem._tag)
    this.problem = problem
  }
}

/** The value that a check gave. @throws SettingProblem with what it refused. */
export const passed = <A>(checked: E.Either<SettingError, A>): A => {
  if (E.isLeft(checked)) throw new SettingProblem(checked.left)
  return checked.right
}

/** Fit for the name of a run's directory, and for a terminal. */
const freeName = /^[^\p{C}\p{Z}/\\:*?"<>|.][^\p{C}/\\:*?"<>|]{0,99}$/u

/** A name of something that is handed in by the caller, who alone knows which there are: a data set of one's own, an engine. */
export const checkFreeName = (setting: string, value: unknown): string =>
  typeof value === 'string' && freeName.test(value)
    ? value
    : refuse(
        setting,
        value,
        'it must be a name of at most 100 characters without control characters and any of / \\ : * ? " < > |',
      )

/** What is wrong with a setting, an unknown name with the nearest known one. */
export const experimentErrorOf = (error: SettingError): ExperimentError =>
  error._tag === 'UnknownSetting'
    ? unknownName(error.what, error.name, nearestName(error.name, error.known), error.known)
    : error

/** Run checks: what they refuse comes back as a value, an unknown name with the nearest known one. */
export const settled = <A>(check: () => A): E.Either<ExperimentError, A> => {
  try {
    return E.mapLeft(experimentErrorOf)(settle(check))
  } catch (error) {
    if (error instanceof RefusedModel) return E.left(error.problem)
    throw error
  }
}
