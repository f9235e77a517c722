/**
 * The options of both optimizers, checked before anything is made of them.
 */
import {
  type LearningRateSpec,
  makeLearningRate,
  type Schedule,
  type SyncPeriodSpec,
  toSyncPeriodSchedule,
} from '@laperm/core'

/** The period k: a number, a spec over the run, or a function of the step (which cannot be saved with a model). */
export type SyncPeriod = number | SyncPeriodSpec | Schedule

/** A learning rate over the run: a spec with the steps of an epoch, or a function of the step (which cannot be saved with a model). */
export type LearningRate = Schedule | { readonly spec: LearningRateSpec; readonly stepsPerEpoch: number }

/** Settings that LaPerm and Lookahead share. */
export interface OuterOptions {
  /** Sets the inner optimizer's learning rate before each step. Default: it stays what the inner optimizer says. */
  readonly learningRate?: LearningRate
  /** Told once what is likely to disappoint. Default: `console.warn`. */
  readonly onWarning?: (message: string) => void
}

declare const console: { readonly warn: (message: string) => void }

/** Where warnings go that nobody asked for. */
export const warnOnConsole = (message: string): void => console.warn(message)

const show = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value}' (a string)`
    : typeof value === 'function'
      ? 'a function'
      : String(value)

/**
 * @param owner `laperm` or `lookahead`.
 * @throws TypeError when the options are none; RangeError for a name that there is no option of.
 */
export const checkOptions = (owner: string, options: unknown, known: readonly string[]): void => {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(
      `${owner}: needs its options as second argument, for example ${owner}(tf.train.adam(1e-3), { syncPeriod: 20 }), got ${show(options)}`,
    )
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new RangeError(`${owner}: there is no option ${name}. Known: ${known.join(', ')}.`)
  }
}

/**
 * The sync period as a schedule.
 *
 * @throws TypeError when it is missing or of another type; RangeError against core's rule.
 */
export const syncPeriodSchedule = (owner: string, syncPeriod: unknown): Schedule => {
  if (
    typeof syncPeriod === 'number' ||
    typeof syncPeriod === 'function' ||
    (typeof syncPeriod === 'object' && syncPeriod !== null)
  )
    return toSyncPeriodSchedule(syncPeriod as SyncPeriod)
  throw new TypeError(
    `${owner}: syncPeriod must be a number of steps, a SyncPeriodSpec or a function of the step, got ${show(syncPeriod)}`,
  )
}

/**
 * The learning rate as a schedule.
 *
 * @throws TypeError when it is of another type; RangeError against core's rule.
 */
export const learningRateSchedule = (learningRate: LearningRate | undefined): Schedule | undefined => {
  if (learningRate === undefined || typeof learningRate === 'function') return learningRate
  if (typeof learningRate !== 'object' || learningRate === null)
    throw new TypeError(
      `learningRate: must be a function of the step, or { spec, stepsPerEpoch }, got ${show(learningRate)}. A constant rate is the inner optimizer's own.`,
    )
  return makeLearningRate(learningRate.spec, learningRate.stepsPerEpoch)
}
