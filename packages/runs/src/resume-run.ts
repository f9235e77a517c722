/** Going on with an interrupted or killed run, bit for bit. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Checkpoint, inferExperiment, type LoopPosition } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { decodeCheckpoint } from './checkpoint-file.ts'
import { openRun, type Run, runError, runFiles, writeSummary } from './run-directory.ts'
import { type RunError, runUnavailable } from './run-errors.ts'
import { startSummary } from './run-summary.ts'
import { weightsPieces } from './weights-file.ts'
import { temporarySuffix, writeFileSafely } from './write-file-safely.ts'

/** A run that is ready to go on: its directory holds exactly what it held at the checkpoint. */
export interface ResumedRun {
  readonly run: Run
  /** Null when the run was stopped before its first checkpoint: it starts over, with the same result. */
  readonly checkpoint: Checkpoint | null
}

const readOrNull = async (path: string): Promise<Buffer | null> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/**
 * The lines that had been written at a position. A kill may have left later ones, and half a line at the end.
 *
 * @param text `metrics.jsonl`.
 * @param position null keeps none.
 */
export const metricsUpTo = (text: string, position: Pick<LoopPosition, 'step' | 'stage'> | null): string => {
  if (position === null) return ''
  // An epoch's line is written by the stage after which the next step is trained.
  const lastStep = position.stage === 'train' ? position.step : position.step - 1
  const kept: string[] = []
  for (const line of text.split('\n')) {
    let step: unknown
    try {
      step = (JSON.parse(line) as { readonly step?: unknown } | null)?.step
    } catch {
      break
    }
    if (typeof step !== 'number' || step > lastStep) break
    kept.push(`${line}\n`)
  }
  return kept.join('')
}

const isOver = (text: string | undefined): string | null => {
  if (text === undefined) return null
  try {
    const status = (JSON.parse(text) as { readonly status?: unknown } | null)?.status
    return status === 'finished' || status === 'diverged' ? status : null
  } catch {
    return null
  }
}

/**
 * Prepare a run to go on: read its checkpoint and bring its directory back to that point.
 *
 * @returns `Left` when there is no run, it is over (finished or diverged), or its checkpoint is damaged.
 */
export const resumeRun =
  (directory: string): TE.TaskEither<RunError, ResumedRun> =>
  async () => {
    const opened = await openRun(directory)()
    if (E.isLeft(opened)) return opened
    const run = opened.right
    const pathOf = (file: keyof typeof runFiles) => join(run.directory, runFiles[file])
    try {
      const over = isOver((await readOrNull(pathOf('summary')))?.toString('utf8'))
      if (over !== null)
        return E.left(
          runUnavailable(
            run.directory,
            `the run has ${over}, so there is nothing to resume`,
            'Start a new one; its config.json says how this one was set up.',
          ),
        )
      const inferred = inferExperiment(run.config.experiment)
      if (E.isLeft(inferred)) throw new TypeError('a checked experiment has a model that infers')
      const bytes = await readOrNull(pathOf('checkpoint'))
      const decoded =
        bytes === null
          ? E.right(null)
          : decodeCheckpoint(pathOf('checkpoint'), bytes, inferred.right.parameters)
      if (E.isLeft(decoded)) return decoded
      const checkpoint = decoded.right

      const metrics = (await readOrNull(pathOf('metrics')))?.toString('utf8') ?? ''
      await writeFileSafely(pathOf('metrics'), metricsUpTo(metrics, checkpoint?.position ?? null))
      if (checkpoint?.best != null && checkpoint.position.best !== null)
        await writeFileSafely(pathOf('best'), weightsPieces(checkpoint.best, checkpoint.position.best.step))
      else await rm(pathOf('best'), { force: true })
      for (const name of await readdir(run.directory))
        if (name.endsWith(temporarySuffix)) await rm(join(run.directory, name), { force: true })
      await writeSummary(run, startSummary(run.config.experiment, run.directory))
      return E.right({ run, checkpoint })
    } catch (error) {
      return E.left(runError(run.directory, error))
    }
  }
