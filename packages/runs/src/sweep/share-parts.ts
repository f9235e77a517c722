/** Thousands of experiments that differ in a field or two: their equal parts are kept once. */
import type { Experiment } from '@laperm/train'

/** Gives an experiment whose parts are those of an earlier one where they are equal. Its network is left alone: it may be large. */
export const makePartSharer = (): ((experiment: Experiment) => Experiment) => {
  const parts = new Map<string, unknown>()
  const share = <Part>(part: Part): Part => {
    if (typeof part !== 'object' || part === null) return part
    const key = JSON.stringify(part)
    const known = parts.get(key)
    if (known === undefined) parts.set(key, part)
    // Equal JSON of plain data is equal data.
    return (known as Part | undefined) ?? part
  }
  return (experiment) => ({
    ...experiment,
    augmentation: share(experiment.augmentation),
    initializer: share(experiment.initializer),
    sparsity: share(experiment.sparsity),
    innerOptimizer: share(experiment.innerOptimizer),
    outer: share(experiment.outer),
    learningRate: share(experiment.learningRate),
  })
}
