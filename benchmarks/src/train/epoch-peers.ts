/**
 * Others that train a quarter of a Conv7 epoch as the paper's recipe has it: with their own augmentation, synchronizations and evaluation.
 * Each is a Python process; what is not installed says so by throwing.
 */
import { zoo } from '@laperm/models'
import type { Contender } from '../harness/interleave.ts'
import { type PythonPeer, startPythonPeer } from '../harness/python-peer.ts'
import type { EpochPart } from './epoch-part.ts'

/** A contender that owns a process. */
export interface EpochPeer extends Contender {
  readonly stop: () => void
}

type Answer = Readonly<Record<string, unknown>>

/** One process beside the training's two threads keeps up with it; a second would take its time from the training. */
const loaderWorkers = 1

const start = async (
  python: string,
  script: string,
  { threads, batchSize }: EpochPart,
  more: Answer,
): Promise<{ readonly peer: PythonPeer; readonly name: string }> => {
  const peer = startPythonPeer(python, script, {
    OMP_NUM_THREADS: String(threads),
    TF_CPP_MIN_LOG_LEVEL: '2',
  })
  const loaded = await peer.ask({ op: 'load', seed: 1, model: zoo.conv7, batchSize, threads, ...more })
  return { peer, name: String(loaded['name']) }
}

const timeOf = (answer: Answer): number => {
  if ('loss' in answer && !Number.isFinite(answer['loss'])) throw new Error('a peer lost its way: NaN')
  return Number(answer['ms'])
}

/** PyTorch that moves a whole batch at once by affine_grid and grid_sample: the fast way, written for it. */
export const pytorchBatched = async (python: string, part: EpochPart): Promise<EpochPeer> => {
  const { peer, name } = await start(python, 'train_peer.py', part, { form: 'tuned' })
  const { steps, syncPeriod, augmentation, testExamples, batchSize } = part
  return {
    name: `${name}, affine_grid of whole batches, torch.sort`,
    measure: async () =>
      timeOf(await peer.ask({ op: 'steps', count: steps, syncPeriod, augmentation })) +
      timeOf(await peer.ask({ op: 'evaluate', batches: testExamples / batchSize })),
    stop: peer.stop,
  }
}

/** PyTorch with torchvision's augmentation, image by image in a DataLoader: the usual way. */
export const pytorchTorchvision = async (python: string, part: EpochPart): Promise<EpochPeer> => {
  const { peer, name } = await start(python, 'train_peer.py', part, { form: 'tuned' })
  const { steps, syncPeriod, augmentation, testExamples, batchSize } = part
  const images = await peer.ask({
    op: 'load_images',
    examples: steps * batchSize,
    augmentation,
    workers: loaderWorkers,
  })
  return {
    name: `${name}, ${String(images['name'])}'s RandomAffine in a DataLoader (${loaderWorkers} worker), torch.sort`,
    measure: async () =>
      timeOf(await peer.ask({ op: 'loaded_steps', syncPeriod })) +
      timeOf(await peer.ask({ op: 'evaluate', batches: testExamples / batchSize })),
    stop: peer.stop,
  }
}

/** TensorFlow as the paper's authors use it. */
export const tensorflowAuthors = async (python: string, part: EpochPart): Promise<EpochPeer> => {
  const { steps, syncPeriod, augmentation, testExamples, batchSize } = part
  const { peer, name } = await start(python, 'keras_peer.py', part, {
    augmentation,
    examples: steps * batchSize,
  })
  return {
    name: `${name} the authors' way: Keras, ImageDataGenerator, argsort(argsort) + gather`,
    measure: async () =>
      timeOf(await peer.ask({ op: 'steps', count: steps, syncPeriod })) +
      timeOf(await peer.ask({ op: 'evaluate', examples: testExamples })),
    stop: peer.stop,
  }
}
