/**
 * Going on with an interrupted or killed run, bit for bit, in two steps: {@link planResume} reads the directory and finds out whether the
 * run can go on; {@link resumeRun} checks the data and only then brings the directory back to the checkpoint.
 */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readRegularFile } from '@laperm/data/node'
import { type Checkpoint, inferExperiment } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { decodeCheckpoint, type RunCheckpoint } from './checkpoint-file.ts'
import { type DataFingerprint, differingData } from './data-fingerprint.ts'
import { experimentDifferences } from './experiment-differences.ts'
import { inspectRun } from './find-run.ts'
import { damagedMetricsName, type MetricsRepair, repairMetrics } from './metrics-repair.ts'
import { readSummary } from './read-summary.ts'
import { openRun, type Run, runError, runFiles, writeSummary } from './run-directory.ts'
import { type RunError, runUnavailable } from './run-errors.ts'
import type { RunLock } from './run-lock.ts'
import { startSummary } from './run-summary.ts'
import { checkSameData } from './same-data.ts'
import { mendEventFile } from './tensorboard/event-file.ts'
import { weightsPieces } from './weights-file.ts'
import { removeTemporary, writeFileSafely } from './write-file-safely.ts'

/** A run that can go on, as far as its directory can tell. Nothing in it has changed. */
export interface ResumePlan {
  readonly run: Run
  /** Null when the run was stopped before its first checkpoint: it starts over, with the same result. */
  readonly checkpoint: Checkpoint | null
  readonly metrics: MetricsRepair
  /** What is damaged and will be mended, in sentences for people. */
  readonly warnings: readonly string[]
}

const readOrNull = async (path: string): Promise<Buffer | null> => {
  try {
    return await readRegularFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** A run's checkpoint, which must be its own; null where there is none. @throws the file system's error. */
export const readCheckpoint = async (run: Run): Promise<E.Either<RunError, RunCheckpoint | null>> => {
  const { experiment } = run.config
  const path = join(run.directory, runFiles.checkpoint)
  const inferred = inferExperiment(experiment)
  if (E.isLeft(inferred)) throw new TypeError('a checked experiment has a model that infers')
  const bytes = await readOrNull(path)
  if (bytes === null) return E.right(null)
  const decoded = decodeCheckpoint(path, bytes, inferred.right.parameters)
  if (E.isLeft(decoded)) return decoded
  // As JSON has it: fields that are undefined are none.
  const configured: unknown = JSON.parse(JSON.stringify(experiment))
  const { facts } = decoded.right
  const differences = [
    ...experimentDifferences(configured, facts.experiment, 'in the checkpoint'),
    ...differingData(run.config.data.fingerprint, facts.data).map((part) => `${part} are others`),
  ]
  return differences.length === 0
    ? decoded
    : E.left(
        runUnavailable(
          path,
          `this checkpoint belongs to another experiment than ${runFiles.config}: ${differences.join('; ')}`,
          `Put this run's own checkpoint back, or train anew.`,
        ),
      )
}

/**
 * Find out whether a run can go on, reading only.
 *
 * @returns `Left` when there is no run, it is over (finished or diverged), or its checkpoint is damaged or of another experiment.
 */
export const planResume =
  (directory: string): TE.TaskEither<RunError, ResumePlan> =>
  async () => {
    const opened = await openRun(directory)()
    if (E.isLeft(opened)) return opened
    const run = opened.right
    const pathOf = (file: keyof typeof runFiles) => join(run.directory, runFiles[file])
    try {
      const { kind } = await inspectRun(run)
      if (kind === 'finished' || kind === 'diverged')
        return E.left(
          runUnavailable(
            run.directory,
            `the run has ${kind}, so there is nothing to resume`,
            'Start a new one; its config.json says how this one was set up.',
          ),
        )
      if (kind === 'unreadable')
        return E.left(
          runUnavailable(
            run.directory,
            `${runFiles.summary} cannot be read, but the run has weights and no checkpoint: it has ended, so there is nothing to resume`,
            'Its weights and metrics are as they were; start a new run to train again.',
          ),
        )
      const read = await readCheckpoint(run)
      if (E.isLeft(read)) return read
      const metrics = repairMetrics(
        (await readOrNull(pathOf('metrics'))) ?? new Uint8Array(),
        read.right?.facts.metrics ?? '',
        damagedMetricsName(await readdir(run.directory)),
      )
      const warnings = [
        ...((await readSummary(run)) === null
          ? [`${runFiles.summary} could not be read and is written anew`]
          : []),
        ...(metrics.warning === null ? [] : [metrics.warning]),
      ]
      return E.right({
        run,
        checkpoint: read.right?.checkpoint ?? null,
        metrics,
        warnings,
      })
    } catch (error) {
      return E.left(runError(run.directory, error))
    }
  }

/**
 * Bring a run's directory back to its checkpoint, so that training can go on from `plan.checkpoint`.
 *
 * @param data of the examples that the run will go on with.
 * @param lock of the run's directory, taken before the plan was made.
 * @returns `Left`, with nothing changed, when these are not the data that the run was trained on, or the lock was lost.
 */
export const resumeRun =
  (
    { run, checkpoint, metrics }: ResumePlan,
    data: DataFingerprint,
    lock: RunLock,
  ): TE.TaskEither<RunError, Run> =>
  async () => {
    if (!(await lock.isHeld())) return E.left(await lock.whyLost())
    const same = checkSameData(run, data)
    if (E.isLeft(same)) return same
    const pathOf = (file: keyof typeof runFiles) => join(run.directory, runFiles[file])
    try {
      if (metrics.setAside !== null) await rename(pathOf('metrics'), join(run.directory, metrics.setAside))
      await writeFileSafely(pathOf('metrics'), metrics.metrics)
      await mendEventFile(run.directory, {
        metrics: metrics.metrics,
        lastEvaluationStep: checkpoint?.position.last?.step ?? 0,
      })
      if (checkpoint?.best != null && checkpoint.position.best !== null)
        await writeFileSafely(pathOf('best'), weightsPieces(checkpoint.best, checkpoint.position.best.step))
      else await rm(pathOf('best'), { force: true })
      await removeTemporary(run.directory)
      await writeSummary(run, startSummary(run.config.experiment, run.directory))
      return E.right(run)
    } catch (error) {
      return E.left(runError(run.directory, error))
    }
  }
