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
import {
  createRun,
  fingerprintOf,
  lockRun,
  type RecordOptions,
  type Run,
  type RunEnvironment,
  type RunLock,
  type RunSettings,
  recordRun,
} from '../src/index.ts'

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

/** A network of 7,850 weights on digits, whose files are written and read in a moment. */
export const tinyExperimentOf = (settings: Partial<ExperimentSettings> = {}): Experiment =>
  experimentOf({
    model: {
      name: 'tiny',
      inputShape: [28, 28, 1],
      layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }, { kind: 'softmax' }],
    },
    augmentation: null,
    ...settings,
  } as Partial<ExperimentSettings>)

const environment: RunEnvironment = {
  bits: { '@laperm/core': '0.0.0', threads: '1' },
  engine: 'onnx',
  device: 'a test',
  laperm: '0.0.0',
  node: '20.19.0',
  platform: 'linux x64',
  cpu: 'a processor',
  cpuCount: 2,
  threads: 1,
  bitsDependOnThreads: true,
  checkout: null,
}

/** What a run is set up with. */
export const settingsOf = (experiment: Experiment): RunSettings => ({
  experiment,
  data: { dataDir: null, folder: null, acceptChecksum: false, fingerprint: fingerprintOf(smallDigits) },
  environment,
  commandLine: null,
})

/** A new run below `parent`, whose lock nobody holds. */
export const makeRun = async (
  experiment: Experiment,
  parent: string,
  directory: string | null = null,
): Promise<Run> => {
  const options = { directory, parent, now: new Date('2020-12-06T12:00:00Z') }
  const made = must(await createRun(settingsOf(experiment), options)())
  if (made.kind === 'exists') throw new Error(`${made.run.directory} is there already`)
  await made.lock.release()
  return made.run
}

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

/** Train a run and record it; `stopAt` interrupts it after a step. */
export const trainInto = async (
  run: Run,
  {
    stopAt = 0,
    resumeFrom,
    ...record
  }: RecordOptions & { readonly stopAt?: number; readonly resumeFrom?: Checkpoint | undefined } = {},
): Promise<void> => {
  const recorder = await recordRun(run, await lockOf(run), record)
  const abort = new AbortController()
  const outcome = await runOf(run.config.experiment, {
    signal: abort.signal,
    resumeFrom,
    observe: (event) => {
      if (event.kind === 'step' && event.step === stopAt) abort.abort()
      return recorder.observe(event)
    },
  })
  await recorder.finish(outcome)
}
