/** Drives a loop to its end: checkpoints by the clock, and a way to stop. None of it changes a result. */
import type { Params } from '@laperm/core'
import { catchingFaults, orThrow, type SessionError } from '@laperm/engine'
import type { taskEither as TE } from 'fp-ts'
import type { LoopPosition } from './loop-position.ts'
import type { TrainObserver } from './train-events.ts'
import type { TrainingLoop } from './training-loop.ts'

/** How a loop ended. */
export interface LoopResult {
  readonly status: 'finished' | 'interrupted' | 'diverged'
  readonly position: LoopPosition
  /** The last good weights. */
  readonly kept: Params
  readonly best: Params | null
  /** The step whose loss or weights were not finite, or after which the trial had failed; null unless diverged. */
  readonly divergedAt: number | null
  /** Time spent, this time and before. */
  readonly elapsedMs: number
}

/** What driving a loop needs. */
export interface DriveOptions {
  readonly observe: TrainObserver
  /** Aborting it ends the loop as `interrupted`, after a checkpoint. */
  readonly signal: AbortSignal | undefined
  /** In milliseconds, from any start. */
  readonly clock: () => number
  /** Least time between two checkpoints. */
  readonly checkpointEveryMs: number
  /** Also make a checkpoint when the loop has taken all its steps: one with more epochs can go on from it. */
  readonly checkpointAtEnd?: boolean | undefined
  /** Spent before, by a run that goes on. */
  readonly elapsedMs: number
}

/** A checkpoint may take this share of the time, so that a slow disk slows down checkpoints and not training. */
const checkpointTimeShare = 0.02

/**
 * Run a loop to its end, to the first NaN, or until the signal aborts.
 *
 * @returns `Left` when the session fails: its device is lost, memory does not suffice, the engine stopped.
 */
export const driveLoop = (
  loop: TrainingLoop,
  { observe, signal, clock, checkpointEveryMs, checkpointAtEnd, elapsedMs }: DriveOptions,
): TE.TaskEither<SessionError, LoopResult> =>
  catchingFaults(async () => {
    const started = clock() - elapsedMs
    let nextCheckpoint = clock() + checkpointEveryMs
    const checkpoint = async (): Promise<void> => {
      const before = clock()
      await observe({
        kind: 'checkpoint',
        checkpoint: { ...(await orThrow(loop.checkpoint())), elapsedMs: before - started },
      })
      nextCheckpoint = before + Math.max(checkpointEveryMs, (clock() - before) / checkpointTimeShare)
    }
    const result = (status: LoopResult['status'], divergedAt: number | null = null): LoopResult => ({
      status,
      position: loop.position(),
      kept: loop.kept(),
      best: loop.best(),
      divergedAt,
      elapsedMs: clock() - started,
    })
    for (;;) {
      if (signal?.aborted === true && !loop.isFinished()) {
        await checkpoint()
        const kept = await orThrow(loop.keepPresent())
        return kept.kind === 'diverged' ? result('diverged', kept.step) : result('interrupted')
      }
      const advance = await orThrow(loop.advance(signal))
      switch (advance.kind) {
        case 'finished':
          if (checkpointAtEnd === true) await checkpoint()
          return result('finished')
        case 'diverged':
          return result('diverged', advance.step)
        case 'stopped':
          break
        case 'advanced':
          if (clock() >= nextCheckpoint) await checkpoint()
          break
        default:
          return advance satisfies never
      }
    }
  })
