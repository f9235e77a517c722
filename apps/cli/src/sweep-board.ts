/** What is known of every run of a sweep while it goes on: states, progress, counts, the time that is left. */
import type { RunStatus } from '@laperm/runs'
import {
  type JobEnd,
  type JobProgress,
  makeStepClock,
  type PlannedRun,
  type PlannedSweep,
  type Remaining,
  type SweepRunState,
  type WorkEvent,
} from '@laperm/runs/sweep'

/** A run under way. */
export interface ActiveRun {
  readonly run: PlannedRun
  readonly attempt: number
  /** Null before its first step here. */
  readonly progress: JobProgress | null
}

/** Runs by how they stand. */
export type SweepCounts = Readonly<Record<SweepRunState['status'], number>>

export interface SweepBoard {
  readonly hear: (event: WorkEvent) => void
  readonly stateOf: (run: PlannedRun) => SweepRunState
  readonly runOf: (identity: string) => PlannedRun | undefined
  readonly active: () => readonly ActiveRun[]
  readonly counts: () => SweepCounts
  /** Milliseconds; null before a step was measured. */
  readonly leftMs: () => number | null
  /** Seconds that runs which began here spent on training; null where one went on from before, whose summary counts that too. */
  readonly trainSeconds: () => number | null
}

/** Where a run's clock stands. */
interface Seen {
  step: number
  at: number
}

const statusOfEnd: Readonly<Record<JobEnd['kind'], RunStatus | 'busy'>> = {
  finished: 'finished',
  diverged: 'diverged',
  interrupted: 'interrupted',
  failed: 'failed',
  busy: 'busy',
}

const stateOfEnd = (end: JobEnd): SweepRunState => ({
  status: statusOfEnd[end.kind],
  summary: 'summary' in end ? end.summary : null,
  error: 'message' in end ? end.message : null,
})

/**
 * Make the board of a sweep.
 *
 * @param found how each run stands before anything was done, by identity; `missing` where nothing is said.
 */
export const makeSweepBoard = (
  { runs }: PlannedSweep,
  found: ReadonlyMap<string, SweepRunState>,
): SweepBoard => {
  const byIdentity = new Map(runs.map((run) => [run.identity, run]))
  const states = new Map(found)
  const active = new Map<string, ActiveRun>()
  const seen = new Map<string, Seen>()
  const steps = new Map<string, number>()
  const clock = makeStepClock()
  let trainSeconds: number | null = 0
  const missing: SweepRunState = { status: 'missing', summary: null, error: null }
  const stateOf = ({ identity }: PlannedRun): SweepRunState => states.get(identity) ?? missing

  const measure = ({ identity, group }: PlannedRun, step: number): void => {
    const now = performance.now()
    const last = seen.get(identity)
    if (last !== undefined && step > last.step) clock.add(group, step - last.step, now - last.at)
    seen.set(identity, { step, at: now })
    steps.set(identity, step)
  }
  const leave = (identity: string): void => {
    active.delete(identity)
    seen.delete(identity)
  }
  const end = (run: PlannedRun, ended: JobEnd): void => {
    const before = stateOf(run)
    leave(run.identity)
    states.set(run.identity, stateOfEnd(ended))
    if (!('summary' in ended)) return
    if ('isOld' in ended && ended.isOld) return
    if (before.status === 'missing' && trainSeconds !== null) trainSeconds += ended.summary.trainSeconds
    else trainSeconds = null
  }
  const hear = (event: WorkEvent): void => {
    const run = byIdentity.get(event.job.identity)
    if (run === undefined) return
    switch (event.kind) {
      case 'began':
        active.set(run.identity, { run, attempt: event.attempt, progress: null })
        return
      case 'progress':
        measure(run, event.progress.step)
        active.set(run.identity, {
          run,
          attempt: active.get(run.identity)?.attempt ?? 1,
          progress: event.progress,
        })
        return
      case 'crashed':
        leave(run.identity)
        states.set(
          run.identity,
          event.isLast
            ? { status: 'failed', summary: null, error: event.reason }
            : { status: 'interrupted', summary: null, error: event.reason },
        )
        return
      case 'lost':
        leave(run.identity)
        return
      case 'ended':
        end(run, event.end)
        return
      case 'warning':
        return
      default:
        event satisfies never
    }
  }
  function* remaining(): Generator<Remaining> {
    for (const run of runs) {
      const { status } = stateOf(run)
      if (status !== 'missing' && status !== 'interrupted') continue
      yield { group: run.group, steps: run.totalSteps - (steps.get(run.identity) ?? 0) }
    }
  }
  return {
    hear,
    stateOf,
    runOf: (identity) => byIdentity.get(identity),
    active: () => [...active.values()],
    counts: () => {
      const counts = {
        missing: 0,
        running: active.size,
        finished: 0,
        interrupted: 0,
        diverged: 0,
        failed: 0,
        busy: 0,
      }
      for (const run of runs) if (!active.has(run.identity)) counts[stateOf(run).status]++
      return counts
    },
    leftMs: () => clock.left(remaining(), active.size),
    trainSeconds: () => trainSeconds,
  }
}
