/** Directories of runs that have finished, as many as are asked for, without training any. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDigits } from '@laperm/data'
import {
  createRun,
  fingerprintOf,
  type RunEnvironment,
  type RunSummary,
  runFiles,
  startSummary,
} from '@laperm/runs'
import { type Experiment, resolveExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'

const epochs = 45
const stepsPerEpoch = 1200

const environment: RunEnvironment = {
  bits: { '@laperm/core': '0.1.0', 'onnxruntime-node': '1.30.0', threads: '1' },
  engine: 'onnx',
  device: 'CPU',
  laperm: '0.1.0',
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  cpu: 'a processor',
  cpuCount: 2,
  threads: 1,
  bitsDependOnThreads: true,
  checkout: null,
}

/** Lines of `metrics.jsonl` as training Conv7 on MNIST writes them. */
const metricsOf = (seed: number): string =>
  Array.from({ length: epochs }, (_, index) => {
    const accuracy = 0.9 + (0.09 * index) / epochs + seed * 1e-7
    const step = (index + 1) * stepsPerEpoch
    const test = { step, loss: 1 - accuracy, accuracy }
    return `${JSON.stringify({ epoch: index + 1, step, learningRate: 0.001 * 0.95 ** index, synchronizations: step / 20, train: { loss: 1 - accuracy, accuracy }, test, inner: null })}\n`
  }).join('')

const experimentOf = (seed: number): Experiment => {
  const resolved = resolveExperiment({ model: 'conv7', dataset: 'mnist', seed, epochs, threads: 1 })
  if (E.isLeft(resolved)) throw new TypeError(`the experiment is refused: ${JSON.stringify(resolved.left)}`)
  return resolved.right
}

const weightBytes = 100_000

/** Make `count` finished runs of Conv7 below a directory, which differ in their seed. Weights are zeros: lists do not read them. */
export const makeRuns = async (parent: string, count: number): Promise<void> => {
  const fingerprint = fingerprintOf(makeDigits(1, { train: 10, test: 10 }))
  const data = { dataDir: null, folder: null, acceptChecksum: false, fingerprint }
  for (let seed = 1; seed <= count; seed++) {
    const experiment = experimentOf(seed)
    const settings = { experiment, data, environment, commandLine: `laperm train conv7 --seed ${seed}` }
    const made = await createRun(settings, { directory: null, parent })()
    if (E.isLeft(made) || made.right.kind === 'exists')
      throw new Error(`run ${seed} cannot be made: ${JSON.stringify(made)}`)
    const { run, lock } = made.right
    const steps = epochs * stepsPerEpoch
    const summary: RunSummary = {
      ...startSummary(experiment, run.directory),
      status: 'finished',
      epochs,
      steps,
      testAccuracy: 0.99,
      bestTestAccuracy: 0.99,
    }
    const write = (file: keyof typeof runFiles, content: string | Uint8Array) =>
      writeFile(join(run.directory, runFiles[file]), content)
    await write('summary', `${JSON.stringify(summary, null, 2)}\n`)
    await write('metrics', metricsOf(seed))
    await write('last', new Uint8Array(weightBytes))
    await write('best', new Uint8Array(weightBytes))
    await lock.release()
  }
}
