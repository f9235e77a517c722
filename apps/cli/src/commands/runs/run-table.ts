/** Runs as lines of a table. */
import { fieldsOf, isUnchecked, type ListedRun } from '@laperm/runs'
import { modelNameOf, optimizerOf } from '@laperm/train'
import { formatAge, formatBytes, formatShare, plural } from '../../format.ts'
import type { TextColumn } from '../../text-table.ts'

/** The status, and of one that is alive who trains it. */
export const statusText = ({ state, holder }: ListedRun): string =>
  holder === null ? state : `${state} (${holder.pid}, ${holder.host})`

/** Which runs nothing vouches for, in a line; none where each has check values. */
export const uncheckedLines = (runs: readonly ListedRun[]): readonly string[] => {
  const count = runs.filter(({ summary }) => isUnchecked(summary)).length
  return count === 0
    ? []
    : [
        `${plural(count, 'run')} unchecked: an earlier LaPerm wrote no check values, so nothing tells whether files were changed since`,
      ]
}

const setting = (
  run: ListedRun,
  show: (experiment: NonNullable<ListedRun['config']>['experiment']) => string,
) => (run.config === null ? '-' : show(run.config.experiment))

/** Columns of `laperm runs`; a narrow terminal shows those that say most. @param now milliseconds, for the age. */
export const runColumns = (now: number): readonly TextColumn<ListedRun>[] => {
  const age = ({ createdAt }: ListedRun): string => {
    const time = Date.parse(createdAt ?? '')
    return Number.isNaN(time) ? '-' : formatAge((now - time) / 1000)
  }
  return [
    { title: 'name', text: ({ name }) => name },
    { title: 'status', text: statusText },
    { title: 'model', text: (run) => setting(run, ({ model }) => modelNameOf(model)), dropsAt: 5 },
    { title: 'data', text: (run) => setting(run, ({ dataset }) => dataset), dropsAt: 6 },
    { title: 'optimizer', text: (run) => setting(run, optimizerOf), dropsAt: 7 },
    { title: 'k', text: (run) => String(fieldsOf(run)['syncPeriod'] ?? '-'), isNumber: true, dropsAt: 3 },
    { title: 'seed', text: (run) => setting(run, ({ seed }) => String(seed)), isNumber: true, dropsAt: 4 },
    {
      title: 'epochs',
      text: (run) => `${run.epochsDone}/${setting(run, ({ epochs }) => String(epochs))}`,
      isNumber: true,
      dropsAt: 2,
    },
    { title: 'best', text: ({ bestAccuracy }) => formatShare(bestAccuracy), isNumber: true },
    { title: 'last', text: ({ lastAccuracy }) => formatShare(lastAccuracy), isNumber: true, dropsAt: 8 },
    { title: 'age', text: age, isNumber: true, dropsAt: 9 },
    { title: 'size', text: ({ sizeBytes }) => formatBytes(sizeBytes), isNumber: true, dropsAt: 10 },
  ]
}
