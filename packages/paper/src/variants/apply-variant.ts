/** A trained network with other values in its kernels. */
import { locationsAlone } from '@laperm/analysis'
import { type Params, shuffleWeightVectors, sortParams, syncParams } from '@laperm/core'
import { type Experiment, makeInitialParams } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Variant } from './variant.ts'

/** Far from the seeds of figures. */
const seedsAway = 1000

/** The initial weights that the experiment would have with another seed, in the order of the trained ones. */
const otherSeed = (experiment: Experiment, params: Params): Params => {
  const other = { ...experiment, seed: (experiment.seed + seedsAway) % 2 ** 32, shuffledFrom: null }
  const drawn = makeInitialParams(other)
  if (E.isLeft(drawn)) throw new TypeError('a trained experiment has initial weights with any seed')
  return syncParams(sortParams(drawn.right, ['kernel']), params, ['kernel'])
}

/**
 * Change a trained network.
 *
 * @param params its weights; not written.
 */
export const applyVariant = (variant: Variant, experiment: Experiment, params: Params): Params => {
  switch (variant.kind) {
    case 'asTrained':
      return params
    case 'shared':
      return params.map((parameter) =>
        parameter.role === 'kernel'
          ? { ...parameter, values: parameter.values.map((weight) => (weight === 0 ? 0 : variant.value)) }
          : parameter,
      )
    case 'located':
      return locationsAlone(params, variant.theta)
    case 'otherSeed':
      return otherSeed(experiment, params)
    case 'shuffled':
      return shuffleWeightVectors(params, ['kernel'], experiment.seed)
    default:
      return variant satisfies never
  }
}
