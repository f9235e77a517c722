/** Small runs for tests: an experiment, a data set, an engine, and what came out. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, makeDigits } from '@laperm/data'
import type { Engine } from '@laperm/engine'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import {
  type Checkpoint,
  type Experiment,
  type ExperimentSettings,
  resolveExperiment,
  type TrainContext,
  type TrainOutcome,
  trainExperiment,
} from '@laperm/train'
import { either as E } from 'fp-ts'
import { onTestFinished } from 'vitest'
import { lockRun, type Run, type RunLock } from '../src/index.ts'

export const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

/** A directory that is gone after the test. */
export const makeDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'laperm-runs-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** 10 batches of 50; 200 test images. */
export const smallDigits: Dataset = makeDigits(1, { train: 500, test: 200 })

export const experimentOf = (settings: Partial<ExperimentSettings> = {}): Experiment =>
  must(
    resolveExperiment({
      model: 'f1',
      initializer: { kind: 'heUniform' },
      sparsity: { kind: 'none' },
      dataset: 'digits',
      batchSize: 50,
      epochs: 2,
      threads: 1,
      outer: { syncPeriod: { kind: 'constant', period: 5 } },
      ...settings,
    }),
  )

/** What a run's directory is made with. */
export const optionsIn = (parent: string) => ({
  directory: null,
  parent,
  data: { dataDir: null, folder: null, acceptChecksum: false },
  versions: { laperm: '0.0.0' },
  now: new Date('2020-12-06T12:00:00Z'),
})

let engine: Promise<Engine> | undefined
/** One engine for a file's tests. */
export const engineOfTests = (): Promise<Engine> => {
  engine ??= makeOnnxEngine({ threads: 1 })().then(must)
  return engine
}

/** Train to the end. */
export const runOf = async (
  experiment: Experiment,
  context: Partial<TrainContext> = {},
): Promise<TrainOutcome> =>
  must(
    await trainExperiment(experiment, { engine: await engineOfTests(), dataset: smallDigits, ...context })(),
  )

/** The last checkpoint of a run that makes one after every step. */
export const checkpointOf = async (experiment: Experiment): Promise<Checkpoint> => {
  const checkpoints: Checkpoint[] = []
  await runOf(experiment, {
    checkpointEveryMs: 0,
    observe: (event) => {
      if (event.kind === 'checkpoint') checkpoints.push(event.checkpoint)
    },
  })
  return checkpoints.at(-1) as Checkpoint
}

/** The lock of a run, which no other process wants. */
export const lockOf = async ({ directory }: Run): Promise<RunLock> => must(await lockRun(directory)())
