/** `summary.json` out of a file. */
import { type CorruptFile, corruptFile, parseStrictJson } from '@laperm/formats'
import { optimizerNames } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { RunStatus, RunSummary } from './run-summary.ts'

/** Every status that a summary may say. */
export const runStatuses = [
  'running',
  'finished',
  'interrupted',
  'diverged',
  'failed',
] as const satisfies readonly RunStatus[]

type Rule = (value: unknown) => boolean

const isOneOf =
  (names: readonly string[]): Rule =>
  (value) =>
    typeof value === 'string' && names.includes(value)
const isText: Rule = (value) => typeof value === 'string'
const isFlag: Rule = (value) => typeof value === 'boolean'
const isCount: Rule = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isNumber: Rule = (value) => typeof value === 'number' && Number.isFinite(value)
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null || rule(value)

const isSyncPeriod: Rule = (value) =>
  isCount(value) ||
  (Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        typeof item === 'object' &&
        item !== null &&
        'fromStep' in item &&
        isCount(item.fromStep) &&
        'period' in item &&
        isCount(item.period),
    ))

/** Levels of a summary: a list of periods is in it. */
const deepestSummary = 8

/** What each field must be. */
const rules = {
  status: isOneOf(runStatuses),
  model: isText,
  dataset: isText,
  engine: isText,
  optimizer: isOneOf(optimizerNames),
  syncPeriod: orNull(isSyncPeriod),
  seed: isCount,
  epochs: isCount,
  steps: isCount,
  synchronizations: isCount,
  finalSyncForced: isFlag,
  testAccuracy: orNull(isNumber),
  testLoss: orNull(isNumber),
  bestTestAccuracy: orNull(isNumber),
  bestEpoch: orNull(isCount),
  trainSeconds: isNumber,
  peakMemoryBytes: orNull(isNumber),
  stepMemoryBytes: orNull(isNumber),
  weightVectors: orNull(isCount),
  permutedVectors: orNull(isCount),
  isPermutation: orNull(isFlag),
  weights: orNull(isCount),
  movedWeights: orNull(isCount),
  weightsStep: isCount,
  divergedAt: orNull(isCount),
  error: (value) => value === undefined || isText(value),
  runDirectory: isText,
} as const satisfies Readonly<Record<keyof RunSummary, Rule>>

/**
 * Read a `summary.json`.
 *
 * @param path named in errors.
 * @returns `Left` with the first field that is not what it must be; unknown fields are left alone.
 */
export const parseSummary = (path: string, text: string): E.Either<CorruptFile, RunSummary> => {
  // Nested deeper, a value could not even be shown.
  if (E.isLeft(parseStrictJson(text, deepestSummary)))
    return E.left(corruptFile(path, 'JSON', text === '' ? 'an empty file' : text.slice(0, 40)))
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return E.left(corruptFile(path, 'a JSON object', 'another JSON value'))
  const record = value as Readonly<Record<string, unknown>>
  for (const [name, holds] of Object.entries(rules))
    if (!holds(record[name]))
      return E.left(corruptFile(path, `a valid ${name}`, JSON.stringify(record[name]) ?? 'none'))
  // Every field has been checked.
  return E.right(record as unknown as RunSummary)
}
