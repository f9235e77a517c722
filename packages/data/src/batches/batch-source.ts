/**
 * Training batches as a stream, filled on the caller's thread. Runs in pages and in Node; `@laperm/data/node` has a source that fills
 * them in a worker thread, with identical bits.
 */
import { type BatchJob, makeBatchFiller, type TrainingBatch } from './batch-job.ts'

/** A stream of batches. It owns a thread perhaps: dispose it. */
export interface BatchSource {
  /**
   * The next batch, `undefined` after the last. Call it again only after the promise before has settled.
   *
   * A batch stays untouched until the call after the next. Rejects when the worker has died.
   */
  readonly next: () => Promise<TrainingBatch | undefined>
  /** Stop the worker; a waiting `next` gives `undefined`, and so does every later one. Calling it twice is harmless. */
  readonly dispose: () => Promise<void>
}

/**
 * Start a stream of batches that are filled on this thread, each when it is asked for.
 *
 * @throws RangeError when a field of the job breaks its rule.
 */
export const makeInlineBatchSource = (job: BatchJob): BatchSource => {
  const filler = makeBatchFiller(job)
  // Three in turn: one being trained on, one handed out, one being filled.
  const buffers = [0, 1, 2].map(() => ({
    inputs: new Float32Array(job.batchSize * filler.inputSize),
    labels: new Uint8Array(job.batchSize),
  }))
  let turn = 0
  let disposed = false
  return {
    next: async () => {
      if (disposed) return undefined
      const { inputs, labels } = buffers[turn++ % buffers.length]
      return filler.next(inputs, labels)
    },
    dispose: async () => {
      disposed = true
    },
  }
}
