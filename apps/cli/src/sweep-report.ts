/** What a sweep tells on standard output: the plan of a dry run, and the results at the end. */
import type { PlannedRun, PlannedSweep, SameRun, SweepGroup, SweepRunState } from '@laperm/runs/sweep'
import { formatCount, formatShare, plural } from './format.ts'
import type { SweepBoard } from './sweep-board.ts'
import { type TextColumn, tableLines } from './text-table.ts'

/** What combinations came to one run, as sentences. */
export const sameLines = (same: readonly SameRun[], fields: readonly string[]): readonly string[] =>
  same.map(({ kept, same: other, count, why }) => {
    const text = (choice: readonly string[]) => fields.map((field, i) => `${field} ${choice[i]}`).join(', ')
    return why === 'repeated'
      ? `${plural(count, 'run')} ${count === 1 ? 'is' : 'are'} named more than once and trained once, such as ${text(other)}`
      : `${plural(count, 'run')} ${count === 1 ? 'differs' : 'differ'} from another only in what changes no bit and ${count === 1 ? 'is' : 'are'} trained once: ${text(other)} is ${text(kept)}`
  })

/** Rows that are printed: whoever has more reads the files, or JSON. */
const mostRows = 200

/** The first rows, and how many are left out. */
const shorten = <Row>(
  rows: readonly Row[],
  lines: (rows: readonly Row[]) => readonly string[],
  elsewhere: string,
): readonly string[] => [
  ...lines(rows.slice(0, mostRows)),
  ...(rows.length > mostRows ? [`and ${formatCount(rows.length - mostRows)} more: ${elsewhere}`] : []),
]

/** The table of a dry run: the runs, how each stands, and how many steps it has. */
export const dryRunLines = (
  { runs, fields }: PlannedSweep,
  board: SweepBoard,
  width: number | undefined,
): readonly string[] => {
  const columns: readonly TextColumn<PlannedRun>[] = [
    ...fields.map((title, i): TextColumn<PlannedRun> => ({ title, text: ({ choice }) => choice[i] ?? '' })),
    { title: 'steps', text: ({ totalSteps }) => formatCount(totalSteps), isNumber: true, dropsAt: 1 },
    { title: 'run', text: ({ identity }) => identity.slice(0, 6), dropsAt: 2 },
    { title: 'status', text: (run) => statusText(board.stateOf(run)) },
  ]
  return shorten(runs, (rows) => tableLines(rows, columns, width), '--json names them all')
}

const statusText = ({ status, summary }: SweepRunState): string => {
  if (status === 'finished') return `finished, ${formatShare(summary?.testAccuracy ?? null)}`
  return status
}

const share = (
  title: string,
  of: (group: SweepGroup) => number | undefined,
  dropsAt: number,
): TextColumn<SweepGroup> => ({
  title,
  text: (group) => formatShare(of(group) ?? null),
  isNumber: true,
  dropsAt,
})

/** Mean, least and greatest of the last test accuracy of each group, and the mean of the best. */
export const groupLines = (groups: readonly SweepGroup[], width: number | undefined): readonly string[] => {
  const fields = Object.keys(groups[0]?.choice ?? {})
  const columns: readonly TextColumn<SweepGroup>[] = [
    ...fields.map((title): TextColumn<SweepGroup> => ({ title, text: ({ choice }) => choice[title] ?? '' })),
    {
      title: 'runs',
      text: ({ runs, finished }) => (finished === runs ? String(runs) : `${finished} of ${runs}`),
      isNumber: true,
    },
    share('test mean', ({ testAccuracy }) => testAccuracy?.mean, 1),
    share('min', ({ testAccuracy }) => testAccuracy?.min, 3),
    share('max', ({ testAccuracy }) => testAccuracy?.max, 4),
    share('best mean', ({ bestTestAccuracy }) => bestTestAccuracy?.mean, 2),
  ]
  return shorten(groups, (rows) => tableLines(rows, columns, width), 'the tables have them all')
}
