/**
 * Training batches ahead of need: filled on the caller's thread, or by a worker while the caller trains.
 *
 * Node only, for the worker. Both ways give identical bits.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type BatchJob, makeBatchFiller, type TrainingBatch } from '../batches/batch-job.ts'
import { type BatchSource, makeInlineBatchSource } from '../batches/batch-source.ts'
import { allocateBytes, allocateFloats, type Examples } from '../dataset.ts'
import type { FromBatchWorker } from './batch-worker.ts'

/** A {@link BatchJob} and how to run it. */
export interface BatchSourceOptions extends BatchJob {
  /** Default: a worker when there is augmentation. Without it, filling a batch costs less than a message would. */
  readonly worker?: boolean | undefined
  /** How many finished batches may wait; default 4, at least 1. */
  readonly ahead?: number | undefined
  /** Path of the folder in which `@laperm/data` is installed, for a program that is a bundle: there it does not find its worker by itself. */
  readonly packageFolder?: string | undefined
}

/** The examples where a worker can read them: as they are when their memory is shared, else copied once. */
const shareExamples = (examples: Examples): Examples => {
  const { inputs } = examples
  if (inputs.buffer instanceof SharedArrayBuffer) return examples
  const shared = inputs instanceof Uint8Array ? allocateBytes(inputs.length) : allocateFloats(inputs.length)
  shared.set(inputs)
  return { ...examples, inputs: shared }
}

/** Own address; undefined in a bundle to CommonJS. */
const ownAddress = (): string | undefined => import.meta.url

/** The folder of this package, where none is given: that of this module, sources or compiled. */
const ownFolder = (given: string | undefined): string | undefined => {
  if (given !== undefined) return resolve(given)
  const address = ownAddress()
  return address && fileURLToPath(new URL('../..', address))
}

/**
 * The worker's program. The tests run `src` under a loader of their own; a worker thread is plain Node and needs the compiled file.
 *
 * @throws Error that says what to do where the package was bundled.
 */
const workerFile = (packageFolder: string | undefined): string => {
  const folder = ownFolder(packageFolder)
  const file = folder && join(folder, 'dist', 'node', 'batch-worker.js')
  if (file && existsSync(file)) return file
  const place = file ?? 'the address of the program, which does not know it,'
  throw new Error(
    `batch-worker.js of @laperm/data was looked for at ${place} and is not there, as in a bundle. Leave @laperm/data external when you bundle, say where it is installed: { packageFolder }, or fill batches on this thread: { worker: false }.`,
  )
}

interface Waiting {
  readonly resolve: (batch: TrainingBatch | undefined) => void
  readonly reject: (error: Error) => void
}

const makeWorkerSource = (job: BatchJob, ahead: number, packageFolder: string | undefined): BatchSource => {
  // Programmer errors come here, on the caller's thread, not as the death of a worker.
  makeBatchFiller(job)
  const worker = new Worker(workerFile(packageFolder), {
    workerData: { ...job, examples: shareExamples(job.examples) },
    // The parent's flags are not the worker's: `--input-type` would kill it, a loader's conditions would lead it to sources.
    execArgv: [],
  })
  const ready: (TrainingBatch | undefined)[] = []
  let waiting: Waiting | undefined
  let failure: Error | undefined
  let ended = false

  const fail = (error: Error): void => {
    failure ??= error
    waiting?.reject(failure)
    waiting = undefined
  }
  worker.on('message', (message: FromBatchWorker) => {
    const batch = message.kind === 'batch' ? message.batch : undefined
    if (waiting === undefined) ready.push(batch)
    else {
      ended = batch === undefined
      waiting.resolve(batch)
      waiting = undefined
      worker.unref()
    }
  })
  worker.on('error', fail)
  worker.on('messageerror', fail)
  worker.on('exit', (code) => {
    if (!ended) fail(new Error(`the worker that prepares batches exited with code ${code}`))
  })
  // Only a batch that somebody waits for keeps the process alive: a source that is forgotten does not.
  worker.unref()
  // Each request lets the worker fill one batch: that bounds the queue.
  for (let i = 0; i < ahead; i++) worker.postMessage('fill')

  const next: BatchSource['next'] = () => {
    if (ended) return Promise.resolve(undefined)
    if (ready.length > 0) {
      const batch = ready.shift()
      ended = batch === undefined
      if (!ended) worker.postMessage('fill')
      return Promise.resolve(batch)
    }
    if (failure !== undefined) return Promise.reject(failure)
    if (waiting !== undefined)
      throw new RangeError('next: the promise of the call before has not settled yet')
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      worker.ref()
      worker.postMessage('fill')
    })
  }
  const dispose: BatchSource['dispose'] = async () => {
    ended = true
    ready.length = 0
    waiting?.resolve(undefined)
    waiting = undefined
    await worker.terminate()
  }
  return { next, dispose }
}

/**
 * Start a stream of batches.
 *
 * Epoch `e` visits the examples in `epochOrder(count, seed, e)`, augmented by `drawTransform(spec, seed, e, example)`, then normalized.
 * The stream ends before `endEpoch`.
 *
 * @throws RangeError when a field of the job breaks its rule.
 * @example
 * const source = makeBatchSource({ examples: dataset.train, inputShape: dataset.inputShape, normalization: normalizer.statistics,
 *   augmentation, batchSize: 50, seed: 1, firstEpoch: 0, firstBatch: 0, endEpoch: 45 })
 * for (let batch = await source.next(); batch !== undefined; batch = await source.next()) await train(batch)
 * await source.dispose()
 */
export const makeBatchSource = (options: BatchSourceOptions): BatchSource => {
  const { worker, ahead = 4, packageFolder, ...job } = options
  if (!Number.isSafeInteger(ahead) || ahead < 1)
    throw new RangeError(`ahead is ${ahead}, but must be a positive integer`)
  return (worker ?? job.augmentation !== undefined)
    ? makeWorkerSource(job, ahead, packageFolder)
    : makeInlineBatchSource(job)
}
