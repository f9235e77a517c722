/** A sweep on standard error: one table that is drawn anew where somebody watches, a line a run where nobody does. */
import { clearScreenDown, moveCursor } from 'node:readline'
import type { PlannedRun, PlannedSweep, WorkEvent } from '@laperm/runs/sweep'
import { formatCount, formatSeconds, formatShare } from './format.ts'
import type { ActiveRun, SweepBoard } from './sweep-board.ts'
import type { Terminal } from './terminal.ts'
import { cutText, type TextColumn, tableLines } from './text-table.ts'

/** Redraws: more is not read. */
const drawEveryMs = 300
/** Rows of the table at most; more workers than that are counted. */
const mostRows = 16

export interface SweepProgress {
  /** Call it after the board has heard the event. */
  readonly hear: (event: WorkEvent) => void
  readonly stop: () => void
}

/** `sync-period 20, seed 3`; the only run of a sweep has nothing that tells it apart. */
export const choiceText = ({ choice }: PlannedRun, fields: readonly string[]): string =>
  fields.map((field, i) => `${field} ${choice[i]}`).join(', ') || 'the run'

/** What is done and what is not, in a line. */
export const countsLine = (board: SweepBoard): string => {
  const { finished, running, diverged, failed, busy, missing, interrupted } = board.counts()
  const parts = [
    [finished, 'finished'],
    [diverged, 'diverged'],
    [failed, 'failed'],
    [busy, 'trained elsewhere'],
    [running, 'running'],
    [missing + interrupted, 'to do'],
  ] as const
  return parts
    .filter(([count, what]) => count > 0 || what === 'finished')
    .map(([count, what]) => `${formatCount(count)} ${what}`)
    .join(', ')
}

/** Columns of what runs; what tells the run apart stays. */
const columnsOf = (fields: readonly string[]): readonly TextColumn<ActiveRun>[] => [
  {
    title: 'run',
    text: ({ run, attempt }) => choiceText(run, fields) + (attempt === 1 ? '' : ` (attempt ${attempt})`),
  },
  {
    title: 'epoch',
    text: ({ progress }) => (progress === null ? 'starts' : `${progress.epoch}/${progress.epochs}`),
    isNumber: true,
    dropsAt: 3,
  },
  {
    title: 'done',
    text: ({ progress }) =>
      progress === null ? '' : `${Math.floor((100 * progress.step) / progress.totalSteps)}%`,
    isNumber: true,
    dropsAt: 1,
  },
  {
    title: 'loss',
    text: ({ progress }) => progress?.loss?.toFixed(4) ?? '',
    isNumber: true,
    dropsAt: 4,
  },
  {
    title: 'test',
    text: ({ progress }) => (progress?.accuracy == null ? '' : formatShare(progress.accuracy)),
    isNumber: true,
    dropsAt: 2,
  },
]

/** What an event says where it gets a line of its own; null where it does not. */
const eventLine = (
  event: WorkEvent,
  board: SweepBoard,
  fields: readonly string[],
  total: number,
): string | null => {
  const run = board.runOf(event.job.identity)
  if (run === undefined) return null
  const what = choiceText(run, fields)
  switch (event.kind) {
    case 'ended': {
      const { finished, diverged, failed } = board.counts()
      const at = `[${finished + diverged + failed}/${total}] ${what}:`
      const { end } = event
      if (end.kind === 'failed' || end.kind === 'busy')
        return `${at} ${end.kind === 'busy' ? '' : 'failed: '}${end.message.split('\n')[0]}`
      const { testAccuracy, trainSeconds, divergedAt, steps } = end.summary
      if (end.kind === 'diverged') return `${at} diverged at step ${divergedAt}`
      if (end.kind === 'interrupted') return `${at} stopped after step ${steps}`
      return `${at} test accuracy ${formatShare(testAccuracy)} in ${formatSeconds(trainSeconds)}`
    }
    case 'crashed':
      return `${what}: ${event.reason.split('\n')[0]}; ${event.isLast ? 'it was the last attempt, so it counts as failed' : 'it goes on from its last checkpoint'}`
    case 'lost':
      return `${what}: another worker has it now`
    case 'warning':
      return `${what}: warning: ${event.message}`
    case 'began':
    case 'progress':
      return null
    default:
      return event satisfies never
  }
}

/** Show a sweep. */
export const makeSweepProgress = (
  { fields, runs }: PlannedSweep,
  board: SweepBoard,
  terminal: Terminal,
): SweepProgress => {
  const stream = terminal.progressStream
  const columns = columnsOf(fields)
  let drawn = 0
  const wipe = (): void => {
    if (stream === null || drawn === 0) return
    moveCursor(stream, 0, -drawn)
    clearScreenDown(stream)
    drawn = 0
  }
  const draw = (): void => {
    if (stream === null) return
    const active = board.active()
    const left = board.leftMs()
    // A line that wraps would make the next wipe miss.
    const width = (stream.columns ?? 80) - 1
    const lines = [
      ...tableLines(active.slice(0, mostRows), columns, width),
      ...(active.length > mostRows ? [`and ${active.length - mostRows} more`] : []),
      cutText(`${countsLine(board)}${left === null ? '' : ` | ${formatSeconds(left / 1000)} left`}`, width),
    ]
    wipe()
    stream.write(lines.map((line) => `${line}\n`).join(''))
    drawn = lines.length
  }
  const timer = stream === null ? undefined : setInterval(draw, drawEveryMs)
  return {
    hear: (event) => {
      const line = eventLine(event, board, fields, runs.length)
      if (line === null) return
      // Where the table shows what runs, only what went wrong is worth a line that stays.
      if (stream !== null && event.kind === 'ended' && event.end.kind === 'finished') return
      wipe()
      terminal.err(line)
    },
    stop: () => {
      clearInterval(timer)
      wipe()
    },
  }
}
