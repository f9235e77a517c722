/**
 * `summary.json` as a file: its fields, and a check value of all of them, so that a changed digit is found. A summary that was written before there were
 * check values is read; it has no `files`, which tells it.
 */
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
import { either as E } from 'fp-ts'
import { canonicalJson } from './canonical-json.ts'
import { fileChecksums } from './file-checksum.ts'
import { nodeSha256 } from './node-sha256.ts'
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
  files: optional(fileChecksums),
  runDirectory: anyText,
}

const checkDigits = 16

/** What a summary's fields must add up to. */
const checkOf = (summary: RunSummary): string =>
  nodeSha256([Buffer.from(canonicalJson(summary))]).slice(0, checkDigits)

/** A summary as the text of its file. */
export const summaryText = (summary: RunSummary): string =>
  `${JSON.stringify({ ...summary, check: checkOf(summary) }, null, 2)}\n`

/** Why the check value does not fit; null where it does, and where there was none yet. */
const checkProblem = (path: string, summary: RunSummary, check: unknown): CorruptFile | null => {
  const made = checkOf(summary)
  if (check === made || (check === undefined && summary.files === undefined)) return null
  return corruptFile(path, `${made} as check, by its other fields`, JSON.stringify(check) ?? 'none')
}

/**
 * Read a `summary.json`.
 *
 * @param path named in errors.
 * @returns `Left` with the first field that is not what it must be, or a check value that does not fit; fields that it does not know are left out.
 */
export const parseSummary = (path: string, text: string): E.Either<CorruptFile, RunSummary> => {
  // Nested deeper, a value could not even be shown.
  if (E.isLeft(parseStrictJson(text, deepestSummary)))
    return E.left(corruptFile(path, 'JSON', text === '' ? 'an empty file' : text.slice(0, 40)))
  const value: unknown = JSON.parse(text)
  if (!isRecord(value)) return E.left(corruptFile(path, 'a JSON object', 'another JSON value'))
  const summary = readFields(value, rules)
  if (E.isLeft(summary)) {
    const { field, value: found } = summary.left
    return E.left(corruptFile(path, `a valid ${field}`, JSON.stringify(found) ?? 'none'))
  }
  const problem = checkProblem(path, summary.right, value.check)
  return problem === null ? summary : E.left(problem)
}
