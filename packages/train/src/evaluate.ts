/** Accuracy and loss over a whole set of examples. */
import { type Examples, fillLabels, type Normalizer } from '@laperm/data'
import {
  addEvaluations,
  type Batch,
  catchingFaults,
  type EvaluationScore,
  noEvaluation,
  orThrow,
  type SessionError,
  scoreOf,
  type TrainSession,
} from '@laperm/engine'
import type { InferredLayer } from '@laperm/models'
import type { taskEither as TE } from 'fp-ts'

/** Examples in one call of the engine, at most: enough to keep it busy. */
const mostExamples = 200

/** Values that a layer's output may have for a whole batch; a handful of such outputs are in memory together. 20 MB. */
const mostValues = 5_000_000

const largestOutput = (layers: readonly InferredLayer[]): number =>
  layers.reduce(
    (largest, { outputShape, body, shortcut }) =>
      Math.max(
        largest,
        outputShape.reduce((product, axis) => product * axis, 1),
        largestOutput(body),
        largestOutput(shortcut),
      ),
    1,
  )

/** Examples in one call of the engine: 200, fewer where a layer's output is large (Conv13: 76). */
export const evaluationBatchSize = (layers: readonly InferredLayer[]): number =>
  Math.max(1, Math.min(mostExamples, Math.floor(mostValues / largestOutput(layers))))

/**
 * Evaluate examples, in order; the next batch is filled while the engine computes.
 *
 * @param examples at least one.
 * @param order indices of the examples that count; default: every one, once.
 * @param signal stops between two batches: the task rejects with its reason.
 * @returns `Left` when the session fails.
 */
export const evaluateExamples = (
  session: TrainSession,
  normalizer: Normalizer,
  examples: Examples,
  inputSize: number,
  signal?: AbortSignal,
  order: Uint32Array = Uint32Array.from({ length: examples.count }, (_, index) => index),
): TE.TaskEither<SessionError, EvaluationScore> =>
  catchingFaults(async () => {
    const { length: count } = order
    const capacity = Math.min(evaluationBatchSize(session.inferred.layers), count)
    const buffers = [0, 1].map(() => ({
      inputs: new Float32Array(capacity * inputSize),
      labels: new Uint8Array(capacity),
    }))
    const fill = (start: number, which: number): Batch => {
      const size = Math.min(capacity, count - start)
      const { inputs, labels } = buffers[which]
      normalizer.fill(examples, order, start, size, inputs)
      fillLabels(examples, order, start, size, labels)
      return { inputs: inputs.subarray(0, size * inputSize), labels: labels.subarray(0, size), size }
    }
    let sums = noEvaluation
    let batch = fill(0, 0)
    for (let start = 0, which = 1; start < count; which = 1 - which) {
      signal?.throwIfAborted()
      const running = orThrow(session.evaluate(batch))
      start += batch.size
      const next = start < count ? fill(start, which) : batch
      sums = addEvaluations(sums, await running)
      batch = next
    }
    return scoreOf(sums)
  })
