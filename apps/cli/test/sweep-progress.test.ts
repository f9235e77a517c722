import { PassThrough } from 'node:stream'
import type { PlannedSweep, WorkEvent } from '@laperm/runs/sweep'
import { runJob } from '@laperm/runs/sweep'
import { resolveExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { expect, test, vi } from 'vitest'
import { makeSweepBoard } from '../src/sweep-board.ts'
import { makeSweepProgress } from '../src/sweep-progress.ts'
import type { Terminal } from '../src/terminal.ts'

const source = { dataDir: null, folder: null, acceptChecksum: false }

const sweepOf = (seeds: readonly number[]): PlannedSweep => ({
  name: 'shown',
  fields: ['seed'],
  same: [],
  runs: seeds.map((seed) => {
    const experiment = resolveExperiment({ model: 'f1', epochs: 3, seed })
    if (E.isLeft(experiment)) throw new Error(JSON.stringify(experiment.left))
    const identity = String(seed).repeat(64)
    return {
      experiment: experiment.right,
      source,
      choice: [String(seed)],
      identity,
      totalSteps: 100,
      group: 0,
    }
  }),
})

const show = (progressStream: Terminal['progressStream']) => {
  const sweep = sweepOf([1, 2, 3])
  const board = makeSweepBoard(sweep, new Map())
  const lines: string[] = []
  const terminal: Terminal = {
    out: () => undefined,
    err: (line) => lines.push(line),
    progressStream,
    environment: {},
    note: () => undefined,
    signal: new AbortController().signal,
  }
  const progress = makeSweepProgress(sweep, board, terminal)
  const jobs = sweep.runs.map(({ identity, experiment }) =>
    runJob({ identity, experiment, data: source, directory: '/runs' }),
  )
  const hear = (event: WorkEvent): void => {
    board.hear(event)
    progress.hear(event)
  }
  const step = (step: number, accuracy: number | null): WorkEvent => ({
    kind: 'progress',
    job: jobs[0] as (typeof jobs)[number],
    progress: { step, totalSteps: 100, epoch: 2, epochs: 3, loss: 0.5, accuracy },
  })
  return { board, progress, lines, jobs, hear, step }
}

test('a watched sweep is one table that is drawn anew, with the time left from measured steps', () => {
  vi.useFakeTimers()
  try {
    const stream = Object.assign(new PassThrough(), { columns: 80 })
    const { progress, jobs, hear, step } = show(stream)
    const [first, second] = jobs as [(typeof jobs)[number], (typeof jobs)[number]]
    hear({ kind: 'began', job: first, attempt: 2 })
    hear({ kind: 'began', job: second, attempt: 1 })
    hear(step(10, null))
    vi.advanceTimersByTime(1000)
    hear(step(20, 0.75))
    vi.advanceTimersByTime(300)
    const drawn = String(stream.read())
    const last = drawn.slice(drawn.lastIndexOf('\u001b[0J'))
    expect(last).toMatch(/^seed 1 \(attempt 2\) +2\/3 +20% +0\.5000 +75\.00%$/m)
    expect(last).toMatch(/^seed 2 +starts$/m)
    // 80, 100 and 100 steps of 0.1 s on two workers.
    expect(drawn).toContain('0 finished, 2 running, 1 to do | 14.0 s left')
    progress.stop()
    // Nothing of the table stays: up over its four lines, then everything below is cleared.
    expect(String(stream.read())).toBe('\u001b[4A\u001b[0J')
  } finally {
    vi.useRealTimers()
  }
})

test('an unwatched sweep says a line for each run that ends, and for what goes wrong', () => {
  const { lines, jobs, hear, step } = show(null)
  const [first] = jobs as [(typeof jobs)[number]]
  hear({ kind: 'began', job: first, attempt: 1 })
  hear(step(10, null))
  hear({ kind: 'crashed', job: first, reason: 'its process was ended by SIGKILL', isLast: false })
  hear({
    kind: 'ended',
    job: first,
    end: { kind: 'failed', message: 'full disk\nstack', directory: null, isOld: false },
  })
  expect(lines).toEqual([
    'seed 1: its process was ended by SIGKILL; it goes on from its last checkpoint',
    '[1/3] seed 1: failed: full disk',
  ])
})
