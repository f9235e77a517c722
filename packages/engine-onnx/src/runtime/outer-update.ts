/** What `sync()` does to the trained parameters: see `OuterUpdate` in `@laperm/engine`. */
import { type OuterUpdate, permutedBy } from '@laperm/engine'
import type { BankedParameter } from '../compile/parameter-bank.ts'
import type { OuterUpdater } from './outer-updater.ts'
import { makePermuter } from './permuter.ts'

const makeBanks = (size: number) => [new Float32Array(size), new Float32Array(size)] as const

const makeNothing = (size: number): OuterUpdater => ({
  banks: makeBanks(size),
  start: () => undefined,
  update: (trainable, next) => next.set(trainable),
  slow: undefined,
})

/** Lookahead over the whole bank; computed in float64 and rounded once, as core does. */
const makeLookahead = (slowStepSize: number, size: number): OuterUpdater => {
  const slow = new Float32Array(size)
  return {
    banks: makeBanks(size),
    start: (trainable) => slow.set(trainable),
    update: (trainable, next) => {
      for (let i = 0; i < size; i++) slow[i] += slowStepSize * (trainable[i] - slow[i])
      next.set(slow)
    },
    slow,
  }
}

/**
 * @param parameters all of the model's, in the inventory's order.
 * @param size of the trained bank.
 */
export const makeOuterUpdater = async (
  spec: OuterUpdate,
  parameters: readonly BankedParameter[],
  size: number,
): Promise<OuterUpdater> => {
  switch (spec.kind) {
    case 'none':
      return makeNothing(size)
    case 'permute':
      return makePermuter(
        permutedBy(
          spec,
          parameters.filter(({ bank }) => bank === 'trainable'),
        ),
        size,
      )
    case 'lookahead':
      return makeLookahead(spec.slowStepSize, size)
    default:
      return spec satisfies never
  }
}
