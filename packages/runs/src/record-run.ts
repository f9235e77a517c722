/** Writes what a training loop reports into the run's directory. */
import { open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Params } from '@laperm/core'
import type { Evaluation, TrainObserver, TrainOutcome } from '@laperm/train'
import { checkpointPieces, type RunFacts } from './checkpoint-file.ts'
import { type FileChecksum, type FileChecksums, readChecksum } from './file-checksum.ts'
import { epochFile, epochOfFile, type Run, runFiles, writeSummary } from './run-directory.ts'
import { RunWriteFailed, renderRunError } from './run-errors.ts'
import type { RunLock } from './run-lock.ts'
import { type RunSummary, startSummary, summarize } from './run-summary.ts'
import { openEventFile } from './tensorboard/event-file.ts'
import { weightsPieces } from './weights-file.ts'
import { writeFileSafely } from './write-file-safely.ts'

/** Owns the open `metrics.jsonl` and the run's lock; `finish` or `fail` gives both back. */
export interface RunRecorder {
  /** Hand it to `trainExperiment`. Rejects with the file system's error when the disk is full, and when the lock was lost. */
  readonly observe: TrainObserver
  /** Write weights and summary; of a finished run the checkpoint goes, having no use. */
  readonly finish: (outcome: TrainOutcome) => Promise<RunSummary>
  /** Say in the summary that the run failed, and why. */
  readonly fail: (message: string) => Promise<RunSummary>
}

/** What a recorder writes besides the run itself. */
export interface RecordOptions {
  /** An event file for TensorBoard; a run that has one goes on with it in any case. Default: false. */
  readonly tensorboard?: boolean
  /** Keep the last checkpoint of a run that finishes, so that it can be extended. Default: false. */
  readonly keepState?: boolean
  /** Keep the weights of every n-th epoch, right after its last synchronization, in a file of its own. Default: of none. */
  readonly keepWeights?: number | undefined
}

const isResult = (name: string): boolean =>
  name === runFiles.metrics || name === runFiles.last || name === runFiles.best || epochOfFile(name) !== null

/** Of the files that a run which is over leaves. */
const checksumsOf = async (directory: string): Promise<FileChecksums> => {
  const files: Record<string, FileChecksum> = {}
  for (const name of (await readdir(directory)).filter(isResult).sort())
    files[name] = await readChecksum(join(directory, name))
  return files
}

/**
 * Start recording, behind the metrics that are there already.
 *
 * @param lock of the run's directory. Nothing is written once it is lost.
 * @throws the file system's error.
 */
export const recordRun = async (
  run: Run,
  lock: RunLock,
  { tensorboard = false, keepState = false, keepWeights }: RecordOptions = {},
): Promise<RunRecorder> => {
  const { directory, config } = run
  const pathOf = (file: keyof typeof runFiles) => join(directory, runFiles[file])
  const metrics = await open(pathOf('metrics'), 'a')
  let lines = await readFile(pathOf('metrics'), 'utf8')
  const events = await openEventFile(directory, lines, tensorboard)
  const factsHere = (): RunFacts => ({
    experiment: config.experiment,
    data: config.data.fingerprint,
    metrics: lines,
  })
  const requireLock = async (): Promise<void> => {
    if (!(await lock.isHeld())) throw new Error(renderRunError(await lock.whyLost()))
  }
  const failMetrics = (error: unknown): never => {
    throw new RunWriteFailed(pathOf('metrics'), error)
  }
  const append = async (line: string): Promise<void> => {
    await requireLock()
    lines += line
    await metrics.appendFile(line).catch(failMetrics)
  }
  /** Weights of an evaluation that counts, for the event file and for a file of the epoch. */
  const keepEvaluated = (weights: Params, { epoch, step }: Evaluation): Promise<void> | undefined => {
    const isKept = keepWeights !== undefined && epoch % keepWeights === 0
    if (events === null && !isKept) return undefined
    return requireLock()
      .then(() => events?.addWeights(weights, step))
      .then(() =>
        isKept ? writeFileSafely(join(directory, epochFile(epoch)), weightsPieces(weights, step)) : undefined,
      )
  }
  let bytesBefore = 0
  let stepMemoryBytes: number | null = null
  return {
    observe: (event) => {
      switch (event.kind) {
        case 'start':
          bytesBefore = process.memoryUsage.rss()
          return undefined
        case 'step':
          // The first one: its activations and gradients stay allocated for all others.
          stepMemoryBytes ??= Math.max(0, process.memoryUsage.rss() - bytesBefore)
          return undefined
        case 'epochEnd':
          // Metrics first: the event file is mended from them.
          return append(`${JSON.stringify(event.metrics)}\n`).then(() => events?.addMetrics(event.metrics))
        case 'evaluation':
          return event.series === 'inner' ? undefined : keepEvaluated(event.weights, event.evaluation)
        case 'best':
          return requireLock().then(() =>
            writeFileSafely(pathOf('best'), weightsPieces(event.weights, event.evaluation.step)),
          )
        case 'checkpoint':
          // Metrics first: a checkpoint must never be ahead of them.
          return requireLock()
            .then(() => metrics.sync().catch(failMetrics))
            .then(() => events?.sync())
            .then(() =>
              writeFileSafely(pathOf('checkpoint'), checkpointPieces(event.checkpoint, factsHere())),
            )
        default:
          return undefined
      }
    },
    finish: async (outcome) => {
      await requireLock()
      await metrics.sync().catch(failMetrics)
      await metrics.close().catch(failMetrics)
      await events?.close()
      await writeFileSafely(pathOf('last'), weightsPieces(outcome.weights, outcome.weightsStep))
      const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
      const memory = { peakMemoryBytes, stepMemoryBytes }
      const isOver = outcome.status !== 'interrupted'
      const summary: RunSummary = {
        ...summarize(config.experiment, outcome, directory, memory),
        ...(isOver ? { files: await checksumsOf(directory) } : {}),
      }
      await writeSummary(run, summary)
      if (outcome.status === 'finished' && !keepState) await rm(pathOf('checkpoint'), { force: true })
      await lock.release()
      return summary
    },
    fail: async (message) => {
      // What could not be written has been said; the summary must come out all the same.
      await metrics.close().catch(() => undefined)
      await events?.close()
      await requireLock()
      const summary: RunSummary = {
        ...startSummary(config.experiment, directory),
        status: 'failed',
        error: message,
      }
      await writeSummary(run, summary)
      await lock.release()
      return summary
    },
  }
}
