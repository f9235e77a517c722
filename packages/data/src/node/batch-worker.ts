/**
 * The worker thread of a batch source: fills one batch for every message, in order, and hands its memory over.
 *
 * Not imported by anybody; `batch-source.ts` starts it by its file name.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type BatchJob, makeBatchFiller, type TrainingBatch } from '../batches/batch-job.ts'

/** What the worker posts: a batch for each request, then `end` once. */
export type FromBatchWorker =
  | { readonly kind: 'batch'; readonly batch: TrainingBatch }
  | { readonly kind: 'end' }

const serve = (job: BatchJob, port: NonNullable<typeof parentPort>): void => {
  const filler = makeBatchFiller(job)
  let ended = false
  port.on('message', () => {
    if (ended) return
    const inputs = new Float32Array(job.batchSize * filler.inputSize)
    const labels = new Uint8Array(job.batchSize)
    const batch = filler.next(inputs, labels)
    ended = batch === undefined
    const message: FromBatchWorker = batch === undefined ? { kind: 'end' } : { kind: 'batch', batch }
    port.postMessage(message, [inputs.buffer, labels.buffer])
  })
}

if (parentPort !== null) serve(workerData, parentPort)
