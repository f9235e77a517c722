/**
 * A whole Conv7 epoch of the paper's recipe on MNIST: 1,200 steps of 50 augmented images, a synchronization every 20, one evaluation
 * of 10,000 images. Measured in quarters, so that ours and the peers' take turns often: 300 steps and 2,500 test images each.
 */
import { type Dataset, inputSizeOf, limitDataset, renderDataError } from '@laperm/data'
import { loadDataset, makeBatchSource } from '@laperm/data/node'
import { type Engine, renderEngineError } from '@laperm/engine'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import { recipes } from '@laperm/models'
import { renderTrainError, resolveExperiment, trainExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { dataPlaces } from '../harness/data-places.ts'
import { type Contender, interleave } from '../harness/interleave.ts'
import { findPython } from '../harness/python-peer.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import type { EpochPart } from './epoch-part.ts'
import { type EpochPeer, pytorchBatched, pytorchTorchvision, tensorflowAuthors } from './epoch-peers.ts'
import type { Missing } from './trainer.ts'

/** Turns in an epoch. */
const parts = 4

/** The authors' code as measured for the reference: step 88-97 ms, synchronization 22 ms, augmentation 6.9 ms a batch, evaluation 5.6 s. */
const authorsSeconds = (1200 * (88 + 22 / 20 + 6.9)) / 1000 + 5.6

const quarterOf = (mnist: Dataset, { steps, batchSize, testExamples }: EpochPart): Dataset => {
  const { test, inputShape } = mnist
  const imageSize = inputSizeOf(inputShape)
  return {
    ...limitDataset(mnist, steps * batchSize),
    test: {
      inputs: test.inputs.subarray(0, testExamples * imageSize),
      labels: test.labels.subarray(0, testExamples),
      count: testExamples,
    },
  }
}

/** What `laperm train conv7` does, in this process; the time is the one that it reports: without reading data and compiling. */
const oursOn = (engine: Engine, dataset: Dataset, part: EpochPart): Contender => ({
  name: 'engine-onnx, as laperm train conv7',
  measure: async () => {
    const experiment = resolveExperiment({
      model: 'conv7',
      dataset: 'mnist',
      epochs: 1,
      threads: part.threads,
    })
    if (E.isLeft(experiment)) throw new Error(renderTrainError(experiment.left))
    const outcome = await trainExperiment(experiment.right, {
      engine,
      dataset,
      startBatches: makeBatchSource,
    })()
    if (E.isLeft(outcome)) throw new Error(renderTrainError(outcome.left))
    const { status, steps, elapsedMs, proof } = outcome.right
    if (status !== 'finished' || steps !== part.steps || !proof.isPermutation)
      throw new Error(`a quarter of an epoch ended as ${status} after ${steps} steps`)
    return elapsedMs
  },
})

/** Measure `rounds` quarters of an epoch of each. */
export const measureEpochs = async (options: {
  readonly dataDir: string | undefined
  readonly rounds: number
  readonly threads: number
  readonly python: string | undefined
  readonly json: string
}): Promise<string> => {
  const { augmentation, syncPeriod, batchSize } = recipes.conv7
  if (augmentation === null) throw new TypeError("Conv7's recipe has an augmentation")
  const { threads } = options
  const part: EpochPart = {
    steps: 1200 / parts,
    batchSize,
    syncPeriod,
    augmentation,
    testExamples: 10_000 / parts,
    threads,
  }
  const mnist = await loadDataset('mnist', dataPlaces(options.dataDir))()
  if (E.isLeft(mnist)) throw new Error(renderDataError(mnist.left))
  const engine = await makeOnnxEngine({ threads })()
  if (E.isLeft(engine)) throw new Error(renderEngineError(engine.left))
  const ours = oursOn(engine.right, quarterOf(mnist.right, part), part)

  const python = findPython(options.python)
  const peers: EpochPeer[] = []
  const missing: Missing[] = []
  const attempt = async (name: string, start: typeof pytorchBatched): Promise<void> => {
    try {
      if (python === undefined)
        throw new Error('npm run setup:python --workspace benchmarks, or set LAPERM_PYTHON')
      peers.push(await start(python, part))
    } catch (error) {
      missing.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  await attempt('PyTorch', pytorchBatched)
  await attempt('PyTorch with torchvision', pytorchTorchvision)
  await attempt("TensorFlow the authors' way", tensorflowAuthors)

  // Shown as whole epochs.
  const contenders = [ours, ...peers].map(({ name, measure }) => ({
    name,
    measure: async () => {
      const elapsedMs = parts * (await measure())
      console.error(`${name}: ${(elapsedMs / 1000).toFixed(1)} s an epoch`)
      return elapsedMs
    },
  }))
  const times = await interleave(contenders, { rounds: options.rounds, warmup: 0 })
  for (const peer of peers) peer.stop()
  const own = times.get(ours.name)?.median ?? Number.NaN
  const rows = [...times].map(([name, { median, low, high }]) => [
    name,
    `${(median / 1000).toFixed(1)} (${(low / 1000).toFixed(1)}-${(high / 1000).toFixed(1)})`,
    (median / own).toFixed(2),
  ])
  rows.push([
    "the authors' TensorFlow code, from its parts (another run, reference figures)",
    authorsSeconds.toFixed(1),
    ((authorsSeconds * 1000) / own).toFixed(2),
  ])
  writeJson(options.json, [...times])
  return renderTable({
    title: 'A whole Conv7 epoch of the recipe on MNIST',
    header: ['trainer', 'seconds an epoch, median (quartiles)', 'ratio to ours'],
    rows,
    notes: [
      `Quarters of an epoch in turns, ${options.rounds} of each, ${threads} threads; reading the data and compiling are not counted.`,
      "torchvision's RandomAffine zooms both axes alike and fills what comes in with black; it works in a process of its own beside the training.",
      ...missing.map(({ name, reason }) => `Missing: ${name}: ${reason.split('\n')[0]}`),
    ],
  })
}
