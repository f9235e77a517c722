/** Which training examples accuracy is measured on: drawn once a run, so that its epochs can be compared. */
import { makeRandom, shuffleInPlace } from '@laperm/core'
import type { Experiment } from './experiment.ts'

/**
 * Draw the examples.
 *
 * @param count training examples that there are, at least as many as are asked for.
 * @returns their indices, ascending, each once; null where nothing is asked for.
 */
export const chooseTrainExamples = (
  { seed, trainExamples }: Pick<Experiment, 'seed' | 'trainExamples'>,
  count: number,
): Uint32Array | null => {
  if (trainExamples === null) return null
  const all = Uint32Array.from({ length: count }, (_, index) => index)
  shuffleInPlace(all, makeRandom(seed, 'trainExamples'))
  return all.subarray(0, trainExamples).sort()
}
