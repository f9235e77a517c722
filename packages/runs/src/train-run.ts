/** Training into a run's directory, from a session that is ready to a summary. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset } from '@laperm/data'
import { makeBatchSource } from '@laperm/data/node'
import type { TrainSession } from '@laperm/engine'
import { type Checkpoint, type RunPlan, renderTrainError, type TrainObserver, trainPlan } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { ExecuteRunResult, ExecutionOptions, RunFailed, SessionFailure } from './execution.ts'
import { type RunRecorder, recordRun } from './record-run.ts'
import { type Run, runFiles } from './run-directory.ts'
import { errorCodeOf, RunWriteFailed } from './run-errors.ts'
import type { RunLock } from './run-lock.ts'
import type { RunMirror } from './store/run-mirror.ts'

/** Everything that training needs, ready. */
export interface ReadyRun {
  readonly run: Run
  /** Given back at the end. */
  readonly lock: RunLock
  readonly plan: RunPlan
  /** Just started; disposed at the end. */
  readonly session: TrainSession
  readonly dataset: Dataset
  readonly checkpoint: Checkpoint | null
  /** Where the run is kept besides its directory; null where nowhere. */
  readonly mirror: RunMirror | null
}

const isRemoved = ({ directory }: Run): Promise<boolean> =>
  access(join(directory, runFiles.config)).then(
    () => false,
    (error) => errorCodeOf(error) === 'ENOENT',
  )

/** Say in the summary that a run failed. @returns what the summary says now: a full disk takes it with it. */
const recordFailure = (recorder: RunRecorder, run: Run, message: string): Promise<RunFailed['status']> =>
  recorder.fail(message).then(
    () => 'failed',
    async () => ((await isRemoved(run)) ? 'removed' : 'running'),
  )

/**
 * Train a run that is ready.
 *
 * @returns `Left(RunFailed)` with whatever is thrown on the way.
 */
export const trainRun = async (
  { run, lock: ownLock, plan, session, dataset, checkpoint, mirror }: ReadyRun,
  options: ExecutionOptions<unknown>,
): Promise<E.Either<SessionFailure | RunFailed, ExecuteRunResult>> => {
  const { observe, signal, checkpointEveryMs, startBatches = makeBatchSource } = options
  const lock = mirror?.guard(ownLock) ?? ownLock
  const { tensorboard = false, keepState = false, keepWeights } = options
  let recorder: RunRecorder
  try {
    recorder = await recordRun(run, lock, { tensorboard, keepState, keepWeights })
  } catch (error) {
    await session.dispose()
    await lock.release()
    const message = `the run's files cannot be opened: ${error instanceof Error ? error.message : String(error)}`
    return E.left({
      _tag: 'RunFailed',
      message,
      runDirectory: run.directory,
      status: 'running',
      isWriting: true,
    })
  }
  /** What training reports, written down and then brought into the store. */
  const record: TrainObserver = (event) => {
    const recorded = recorder.observe(event)
    return event.kind !== 'checkpoint' || mirror === null
      ? recorded
      : Promise.resolve(recorded).then(() => mirror.pushSoon(run.directory, event.checkpoint.position.step))
  }
  try {
    mirror?.pushSoon(run.directory, checkpoint?.position.step ?? 0)
    const trained = await trainPlan(plan, session, {
      dataset,
      startBatches,
      observe: (event) => {
        const told = observe?.(event)
        // Without a promise a step, as most events need none; whatever has a then is waited for, of any realm.
        return told === undefined ? record(event) : Promise.resolve(told).then(() => record(event))
      },
      signal,
      resumeFrom: checkpoint ?? undefined,
      checkpointEveryMs,
      checkpointAtEnd: keepState,
      rankInto: plan.experiment.rankingDistance === null ? undefined : await options.loadRankInto?.(),
    })()
    if (E.isRight(trained))
      return E.right({
        kind: 'trained',
        run,
        outcome: trained.right,
        summary: await recorder.finish(trained.right),
      })
    const failure = { ...trained.left, runDirectory: run.directory }
    await recorder.fail(renderTrainError(failure))
    return E.left(failure)
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    const isWriting = error instanceof RunWriteFailed
    const status = await recordFailure(recorder, run, isWriting ? message : (stack ?? message))
    const reason =
      status === 'removed'
        ? `${run.directory} was removed or moved away while the run was trained into it.`
        : message
    return E.left({ _tag: 'RunFailed', message: reason, runDirectory: run.directory, status, isWriting })
  }
}
