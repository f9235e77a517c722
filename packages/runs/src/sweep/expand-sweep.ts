/** From a sweep's combinations to experiments: every combination is resolved before anything starts, and what contradicts itself is named. */
import type { Experiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { DataSource } from '../run-config.ts'
import { makePartSharer } from './share-parts.ts'
import {
  type SweepDefinition,
  type SweepValues,
  sweepCombinations,
  sweepSize,
  sweepValueText,
  variedFields,
} from './sweep-definition.ts'

/** What a combination stands for. */
export interface ResolvedRun {
  readonly experiment: Experiment
  readonly source: DataSource
}

/** One run of a sweep, resolved. */
export interface ExpandedRun extends ResolvedRun {
  /** What was chosen for it, one text for each of {@link ExpandedSweep.fields}. */
  readonly choice: readonly string[]
}

/** A sweep whose combinations are all valid. */
export interface ExpandedSweep {
  readonly name: string
  /** The fields in which its runs differ. */
  readonly fields: readonly string[]
  readonly runs: readonly ExpandedRun[]
}

/** Combinations that break the same rule. */
export interface RefusedPart {
  /** The rule, in a sentence. */
  readonly message: string
  /** The first of them, as flags: `--optimizer adam --sync-period 5`. */
  readonly example: string
  readonly count: number
}

/** A sweep that has combinations which contradict themselves. */
export interface RefusedSweep {
  readonly _tag: 'RefusedSweep'
  /** Combinations in all. */
  readonly size: number
  readonly parts: readonly RefusedPart[]
}

/** Combinations are refused in so many ways at most before the others are no longer looked at. */
const mostParts = 20

/** Values as they are typed. */
export const flagsOf = (values: SweepValues): string =>
  Object.entries(values)
    .map(([field, value]) => {
      if (field === 'model') return String(value)
      if (typeof value === 'boolean') return value ? `--${field}` : `--no-${field}`
      return `--${field} ${value}`
    })
    .join(' ')

/**
 * Resolve every combination.
 *
 * @param resolve what a combination stands for; `Left` with the rule that it breaks, in a sentence.
 * @returns `Left` with every rule that is broken, each with the first combination that breaks it.
 */
export const expandSweep = (
  definition: SweepDefinition,
  resolve: (values: SweepValues) => E.Either<string, ResolvedRun>,
): E.Either<RefusedSweep, ExpandedSweep> => {
  const fields = variedFields(definition)
  const runs: ExpandedRun[] = []
  const share = makePartSharer()
  const parts = new Map<string, { example: string; count: number }>()
  for (const values of sweepCombinations(definition)) {
    const resolved = resolve(values)
    if (E.isRight(resolved)) {
      // Runs are kept only while they may be trained.
      if (parts.size === 0) {
        const { experiment, source } = resolved.right
        const choice = fields.map((field) => sweepValueText(values[field]))
        runs.push({ experiment: share(experiment), source, choice })
      }
      continue
    }
    const part = parts.get(resolved.left)
    if (part !== undefined) part.count++
    else if (parts.size === mostParts) break
    else parts.set(resolved.left, { example: flagsOf(values), count: 1 })
  }
  return parts.size === 0
    ? E.right({ name: definition.name, fields, runs })
    : E.left({
        _tag: 'RefusedSweep',
        size: sweepSize(definition),
        parts: [...parts].map(([message, part]) => ({ message, ...part })),
      })
}

/** The error as sentences for people. */
export const renderRefusedSweep = ({ size, parts }: RefusedSweep): string =>
  [
    `Nothing was started, because parts of the sweep of ${size} runs cannot be trained.`,
    ...parts.map(({ message, example, count }) => `${count} of them: ${message} The first is ${example}.`),
  ].join(' ')
