/** `summary.json` out of a file. */
import {
  amount,
  text as anyText,
  type FieldRules,
  finite,
  isRecord,
  listRule,
  oneOf,
  optional,
  orNull,
  readFields,
  recordRule,
  type SettingRule,
  truth,
} from '@laperm/core/settings'
import { type CorruptFile, corruptFile, parseStrictJson } from '@laperm/formats'
import { optimizerNames } from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import type { RunStatus, RunSummary } from './run-summary.ts'

/** Every status that a summary may say. */
export const runStatuses = [
  'running',
  'finished',
  'interrupted',
  'diverged',
  'failed',
] as const satisfies readonly RunStatus[]

const periods = listRule('sync periods', recordRule('a sync period', { fromStep: amount, period: amount }))
const syncPeriod: SettingRule<NonNullable<RunSummary['syncPeriod']>> = {
  says: 'a sync period or a list of them',
  holds: (value) => amount.holds(value) || periods.holds(value),
}

/** Far more than a summary has. */
export const mostSummaryBytes = 1_000_000
/** Levels of a summary: a list of periods is in it. */
const deepestSummary = 8

/** What each field must be. */
const rules: FieldRules<RunSummary> = {
  status: oneOf(runStatuses),
  model: anyText,
  dataset: anyText,
  engine: anyText,
  optimizer: oneOf(optimizerNames),
  syncPeriod: orNull(syncPeriod),
  seed: amount,
  epochs: amount,
  steps: amount,
  synchronizations: amount,
  finalSyncForced: truth,
  testAccuracy: orNull(finite),
  testLoss: orNull(finite),
  bestTestAccuracy: orNull(finite),
  bestEpoch: orNull(amount),
  trainSeconds: finite,
  peakMemoryBytes: orNull(finite),
  stepMemoryBytes: orNull(finite),
  weightVectors: orNull(amount),
  permutedVectors: orNull(amount),
  isPermutation: orNull(truth),
  weights: orNull(amount),
  movedWeights: orNull(amount),
  weightsStep: amount,
  divergedAt: orNull(amount),
  error: optional(anyText),
  identity: optional(anyText),
  runDirectory: anyText,
}

/**
 * Read a `summary.json`.
 *
 * @param path named in errors.
 * @returns `Left` with the first field that is not what it must be; fields that it does not know are left out.
 */
export const parseSummary = (path: string, text: string): E.Either<CorruptFile, RunSummary> => {
  // Nested deeper, a value could not even be shown.
  if (E.isLeft(parseStrictJson(text, deepestSummary)))
    return E.left(corruptFile(path, 'JSON', text === '' ? 'an empty file' : text.slice(0, 40)))
  const value: unknown = JSON.parse(text)
  if (!isRecord(value)) return E.left(corruptFile(path, 'a JSON object', 'another JSON value'))
  return F.pipe(
    readFields(value, rules),
    E.mapLeft(({ field, value: found }) =>
      corruptFile(path, `a valid ${field}`, JSON.stringify(found) ?? 'none'),
    ),
  )
}
