/**
 * Runs as a tidy table: one row a run and epoch, one column a variable, for pandas, R or a spreadsheet.
 *
 * Columns: `run`, `identity`, `status`, the words of the experiment (`model` ... `batchSize`), what was measured in the epoch, the ranking distances
 * of kernels for which they were asked (`rankingDistance.conv1/kernel.mean` and `.standardDeviation`, means over the epoch's measurements), then
 * every other setting by its path in `config.json`. What a run does not have is null. The table of {@link epochColumns} says what each measure is.
 */
import type { EpochMetrics } from '@laperm/train'
import { either as E } from 'fp-ts'
import { type ListedRun, readMetrics } from './listed-run.ts'
import { type RunUnavailable, runUnavailable } from './run-errors.ts'
import { type Fields, type FieldValue, settingsOf, wordsOf } from './run-fields.ts'

/** A row: a value for each column. */
export type TidyRow = Fields

/** What is measured in an epoch, and what it means; shares are in [0, 1], losses mean cross-entropies in nats. */
export const epochColumns = {
  epoch: 'counted from 1',
  step: 'steps taken since the run began',
  learningRate: "at the epoch's last step",
  trainLoss: "mean over the epoch's batches, dropout active",
  trainAccuracy: "share over the epoch's batches, dropout active",
  synchronizations: 'since the run began',
  testAccuracy:
    "share of the test set, right after the epoch's last synchronization; empty when none fell into the epoch",
  testLoss: 'mean over the test set, measured with testAccuracy',
  innerAccuracy:
    "share of the test set of the inner optimizer's weights, just before; empty unless it was asked for",
  innerLoss: 'mean over the test set, measured with innerAccuracy',
} as const

const measuresOf = ({
  test,
  inner,
  rankingDistance: _distances,
  trained: _trained,
  ...epoch
}: EpochMetrics): Readonly<Record<keyof typeof epochColumns, FieldValue>> => ({
  epoch: epoch.epoch,
  step: epoch.step,
  learningRate: epoch.learningRate,
  trainLoss: epoch.trainLoss,
  trainAccuracy: epoch.trainAccuracy,
  synchronizations: epoch.synchronizations,
  testAccuracy: test?.accuracy ?? null,
  testLoss: test?.loss ?? null,
  innerAccuracy: inner?.accuracy ?? null,
  innerLoss: inner?.loss ?? null,
})

/** Of training examples, where that was asked for. */
const trainedOf = ({ trained }: EpochMetrics): Fields =>
  trained === undefined
    ? {}
    : { trainedAccuracy: trained?.accuracy ?? null, trainedLoss: trained?.loss ?? null }

/** Means over what was measured in the epoch. */
const distancesOf = ({ rankingDistance = [] }: EpochMetrics): Fields => {
  const fields: Record<string, FieldValue> = {}
  for (const parameter of new Set(rankingDistance.map((one) => one.parameter))) {
    const own = rankingDistance.filter((one) => one.parameter === parameter)
    for (const statistic of ['mean', 'standardDeviation'] as const)
      fields[`rankingDistance.${parameter}.${statistic}`] =
        own.reduce((sum, one) => sum + one[statistic], 0) / own.length
  }
  return fields
}

/**
 * The rows of one run, in the order of its epochs. Reads its `metrics.jsonl`.
 *
 * @param run out of {@link listRuns}; one without a readable config has no rows, one that was killed those that were written.
 * @returns `Left` where the metrics cannot be read, or are not those that the run has left.
 */
export const tidyRows = async (run: ListedRun): Promise<E.Either<RunUnavailable, readonly TidyRow[]>> => {
  if (run.config === null) return E.right([])
  const { experiment } = run.config
  const { value, problem } = await readMetrics(run.directory, run.summary?.files)
  if (value === null)
    return E.left(
      runUnavailable(
        run.directory,
        problem ?? 'its metrics cannot be read',
        'Put back the file that the run wrote, or train again.',
      ),
    )
  const which = { run: run.name, identity: run.config.identity, status: run.state, ...wordsOf(experiment) }
  const settings = settingsOf(experiment)
  const rows = value.epochs.map((epoch) => {
    const row: Record<string, FieldValue> = {
      ...which,
      ...measuresOf(epoch),
      ...trainedOf(epoch),
      ...distancesOf(epoch),
    }
    for (const [name, setting] of Object.entries(settings)) if (!Object.hasOwn(row, name)) row[name] = setting
    return row
  })
  return E.right(rows)
}

/** The columns of some rows: each that a row has, in the order in which they come up. */
export const tidyColumns = (rows: readonly TidyRow[]): readonly string[] => {
  const columns = new Set<string>()
  for (const row of rows) for (const name of Object.keys(row)) columns.add(name)
  return [...columns]
}

/** A cell as CSV (RFC 4180); null is an empty one. */
const cell = (value: FieldValue | undefined): string => {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as lines of CSV, the first with the names of the columns. Numbers are written in full. */
export const csvLines = (
  rows: readonly TidyRow[],
  columns: readonly string[] = tidyColumns(rows),
): readonly string[] => [
  columns.map(cell).join(','),
  ...rows.map((row) => columns.map((name) => cell(row[name])).join(',')),
]
