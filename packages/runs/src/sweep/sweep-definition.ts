/**
 * A sweep as it was asked for: lists of alternatives for fields of an experiment, and runs that are listed one by one. Every listed run is
 * combined with every combination of the alternatives.
 *
 * Fields are named as the flags of `laperm train` without their dashes, and `model`; values are texts as these flags take them. Nothing is
 * resolved here, and no file is read.
 */
import { experimentFlags, type FlagText } from '@laperm/train'

/** Values of some fields, by their names. */
export type SweepValues = Readonly<Record<string, FlagText>>

/** A field with its alternatives. */
export interface SweepAxis {
  readonly field: string
  /** At least one. */
  readonly values: readonly FlagText[]
}

/** A sweep. */
export interface SweepDefinition {
  /** Names its table: letters, digits, `.`, `_` and `-`. */
  readonly name: string
  /** In the order in which they were written; the last one changes first. */
  readonly axes: readonly SweepAxis[]
  /** At least one; `[{}]` where all is said by the axes. */
  readonly runs: readonly SweepValues[]
}

/** What is wrong with a sweep as it was asked for. */
export interface InvalidSweep {
  readonly _tag: 'InvalidSweep'
  /** The file; null for flags. */
  readonly path: string | null
  /** `grid.seed.to`, `--seed`. */
  readonly field: string
  /** As it was written, for people. */
  readonly value: string
  /** Completes "but": `it must be ...`. */
  readonly rule: string
}

/** Make an {@link InvalidSweep}. */
export const invalidSweep = (
  path: string | null,
  field: string,
  value: string,
  rule: string,
): InvalidSweep => ({ _tag: 'InvalidSweep', path, field, value, rule })

/** The error as a sentence for people. */
export const renderInvalidSweep = ({ path, field, value, rule }: InvalidSweep): string =>
  `${path === null ? '' : `${path}: `}${field} is ${value}, but ${rule}.`

/** Names of the fields that a sweep can set. */
export const sweepFields: readonly string[] = ['model', ...experimentFlags.map(({ name }) => name)]

/** Whether a field can be switched on or off without saying more: its flag may stand alone, or has an opposite. */
export const isSwitch = (field: string): boolean =>
  experimentFlags.some(
    ({ name, bare, opposite }) => name === field && (bare !== undefined || opposite !== undefined),
  )

/** Fits into the name of a file on any system. */
export const sweepName = /^[\w][\w.-]{0,99}$/

/** Runs of a sweep, counting those that turn out to be the same. */
export const sweepSize = ({ axes, runs }: Pick<SweepDefinition, 'axes' | 'runs'>): number =>
  axes.reduce((product, { values }) => product * values.length, runs.length)

/** Whoever wants more has a list of sweeps. */
const mostRuns = 1_000_000

/**
 * The rule that these axes break, if they have more combinations than can be planned. Asked after each axis, so that the next one is not expanded in vain.
 */
export const sizeProblem = (axes: readonly SweepAxis[]): string | null => {
  const size = sweepSize({ axes, runs: [{}] })
  return size > mostRuns
    ? `with the fields before it there are ${size} runs, and at most ${mostRuns} can be planned at once: divide the sweep`
    : null
}

/** Every combination, one after the other: each listed run with each choice of the axes, the last axis changing first. */
export function* sweepCombinations({ axes, runs }: SweepDefinition): Generator<SweepValues> {
  const choose = function* (index: number, chosen: SweepValues): Generator<SweepValues> {
    const axis = axes[index]
    if (axis === undefined) yield chosen
    else for (const value of axis.values) yield* choose(index + 1, { ...chosen, [axis.field]: value })
  }
  for (const run of runs) yield* choose(0, run)
}

/** The fields in which runs of a sweep can differ, in the order of their first mention. */
export const variedFields = ({ axes, runs }: SweepDefinition): readonly string[] => {
  const listed = [...new Set(runs.flatMap((run) => Object.keys(run)))].filter(
    (field) => new Set(runs.map((run) => run[field])).size > 1,
  )
  return [...listed, ...axes.filter(({ values }) => values.length > 1).map(({ field }) => field)]
}

/** A value as it is written behind a flag: `on` and `off` for a flag without a value. */
export const sweepValueText = (value: FlagText | undefined): string => {
  if (value === undefined) return '-'
  return typeof value === 'string' ? value : value ? 'on' : 'off'
}
