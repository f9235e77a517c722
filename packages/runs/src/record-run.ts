/** Writes what a training loop reports into the run's directory. */
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset } from '@laperm/data'
import type { TrainObserver, TrainOutcome } from '@laperm/train'
import { checkpointPieces, type RunFacts } from './checkpoint-file.ts'
import { type DataFingerprint, fingerprintOf } from './data-fingerprint.ts'
import { type Run, runFiles, writeSummary } from './run-directory.ts'
import { type RunSummary, startSummary, summarize } from './run-summary.ts'
import { weightsPieces } from './weights-file.ts'
import { writeFileSafely } from './write-file-safely.ts'

/** Owns the open `metrics.jsonl`; `finish` or `fail` closes it. */
export interface RunRecorder {
  /** Hand it to `trainExperiment`. Throws the file system's error when the disk is full. */
  readonly observe: TrainObserver
  /** Write weights and summary; of a finished run the checkpoint goes, having no use. */
  readonly finish: (outcome: TrainOutcome) => Promise<RunSummary>
  /** Say in the summary that the run failed, and why. */
  readonly fail: (message: string) => Promise<RunSummary>
}

/**
 * Start recording, behind the metrics that are there already.
 *
 * @param dataset that the run trains on: its checkpoints know it again.
 * @throws the file system's error.
 */
export const recordRun = async (run: Run, dataset: Dataset): Promise<RunRecorder> => {
  const { directory, config } = run
  const pathOf = (file: keyof typeof runFiles) => join(directory, runFiles[file])
  const metrics = await open(pathOf('metrics'), 'a')
  let lines = await readFile(pathOf('metrics'), 'utf8')
  let data: DataFingerprint | undefined
  const factsHere = (): RunFacts => {
    // At the first checkpoint: short runs make none.
    data ??= fingerprintOf(dataset)
    return { experiment: config.experiment, data, metrics: lines }
  }
  const append = (line: string): Promise<void> => {
    lines += line
    return metrics.appendFile(line)
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
          return append(`${JSON.stringify(event.metrics)}\n`)
        case 'best':
          return writeFileSafely(pathOf('best'), weightsPieces(event.weights, event.evaluation.step))
        case 'checkpoint':
          // Metrics first: a checkpoint must never be ahead of them.
          return metrics
            .sync()
            .then(() =>
              writeFileSafely(pathOf('checkpoint'), checkpointPieces(event.checkpoint, factsHere())),
            )
        default:
          return undefined
      }
    },
    finish: async (outcome) => {
      await metrics.sync()
      await metrics.close()
      await writeFileSafely(pathOf('weights'), weightsPieces(outcome.weights, outcome.weightsStep))
      const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
      const memory = { peakMemoryBytes, stepMemoryBytes }
      const summary = summarize(config.experiment, outcome, directory, memory)
      await writeSummary(run, summary)
      if (outcome.status === 'finished') await rm(pathOf('checkpoint'), { force: true })
      return summary
    },
    fail: async (message) => {
      await metrics.close()
      const summary: RunSummary = {
        ...startSummary(config.experiment, directory),
        status: 'failed',
        error: message,
      }
      await writeSummary(run, summary)
      return summary
    },
  }
}
