/**
 * A run as flat fields: what filters compare, what `compare` holds side by side, and what an export has as columns.
 *
 * Parts of the experiment have their path as name, `outer.syncPeriod.period`. Where people say one word for a part that has several forms,
 * that word is a field too: `sparsity` is 0.3 whether the experiment says so once or kernel by kernel.
 */
import { type Experiment, modelNameOf, optimizerOf } from '@laperm/train'
import type { ListedRun } from './listed-run.ts'

/** A field's value: plain, so that it can be compared, printed and put into a table. */
export type FieldValue = string | number | boolean | null

/** Fields by name, in the experiment's order. */
export type Fields = Readonly<Record<string, FieldValue>>

/** One value where all are the same; otherwise the list as one types it. */
const listValue = (values: readonly unknown[]): FieldValue => {
  const [first] = values
  if (typeof first === 'number' && values.every((value) => value === first)) return first
  return values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(',')
}

const isPlain = (value: unknown): value is FieldValue =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value)

/** Put the leaves of a record by their paths into fields. */
const addLeaves = (value: unknown, path: string, fields: Record<string, FieldValue>): void => {
  if (isPlain(value)) fields[path] = value
  else if (Array.isArray(value)) fields[path] = listValue(value)
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value))
      addLeaves(part, path === '' ? key : `${path}.${key}`, fields)
}

/** The leaves of any record by their paths: `data.folder`. */
export const leavesOf = (record: object): Fields => {
  const fields: Record<string, FieldValue> = {}
  addLeaves(record, '', fields)
  return fields
}

const sparsityOf = ({ sparsity }: Experiment): FieldValue => {
  switch (sparsity.kind) {
    case 'none':
      return 0
    case 'uniform':
    case 'synflow':
    case 'magnitude':
      return sparsity.fraction
    case 'perKernel':
      return listValue(sparsity.fractions)
    default:
      return sparsity satisfies never
  }
}

const syncPeriodOf = ({ outer }: Experiment): FieldValue => {
  if (outer.kind === 'none') return null
  const { syncPeriod } = outer
  if (syncPeriod.kind === 'constant') return syncPeriod.period
  return syncPeriod.periods
    .map(({ fromStep, period }) => (fromStep === 1 ? String(period) : `${period}@${fromStep}`))
    .join(',')
}

/** The words that people use for an experiment, each with one plain value. */
export const wordsOf = (experiment: Experiment): Fields => ({
  model: modelNameOf(experiment.model),
  dataset: experiment.dataset,
  optimizer: optimizerOf(experiment),
  syncPeriod: syncPeriodOf(experiment),
  sparsity: sparsityOf(experiment),
  initializer: experiment.initializer.kind,
  seed: experiment.seed,
  epochs: experiment.epochs,
  batchSize: experiment.batchSize,
})

const addSettings = (experiment: Experiment, fields: Record<string, FieldValue>): void =>
  addLeaves({ ...experiment, model: modelNameOf(experiment.model) }, '', fields)

/** Every setting of an experiment by its path; a network of one's own by its name. */
export const settingsOf = (experiment: Experiment): Fields => {
  const fields: Record<string, FieldValue> = {}
  addSettings(experiment, fields)
  return fields
}

/**
 * The fields in which records differ, each with the value of every record; undefined where a record has none.
 *
 * @param records at least one.
 */
export const differingFields = (
  records: readonly Fields[],
): Readonly<Record<string, readonly (FieldValue | undefined)[]>> => {
  const names = new Set(records.flatMap((record) => Object.keys(record)))
  const found: Record<string, readonly (FieldValue | undefined)[]> = {}
  for (const name of names) {
    const values = records.map((record) => record[name])
    if (values.some((value) => value !== values[0])) found[name] = values
  }
  return found
}

/** Everything about a run that filters can name: settings, words, what its summary says, and what a list shows. */
export const fieldsOf = (run: ListedRun): Fields => {
  const fields: Record<string, FieldValue> = {}
  if (run.config !== null) addSettings(run.config.experiment, fields)
  const { files: _files, ...results } = run.summary ?? {}
  addLeaves(results, '', fields)
  if (run.config !== null) Object.assign(fields, wordsOf(run.config.experiment))
  return Object.assign(fields, {
    name: run.name,
    identity: run.config?.identity ?? null,
    status: run.state,
    epochsDone: run.epochsDone,
    testAccuracy: run.lastAccuracy,
    bestTestAccuracy: run.bestAccuracy,
    sizeBytes: run.sizeBytes,
    createdAt: run.createdAt,
    changedAt: run.changedAt,
  })
}
