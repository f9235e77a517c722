/** What `sync()` does to the trained parameters: see `OuterUpdate` in `@laperm/engine`. */
import { chosenBy, type OuterUpdate } from '@laperm/engine'
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

/** Where zeros lie is found out at the start, once. */
const makeZeroFreezer = (chosen: readonly BankedParameter[], size: number): OuterUpdater => {
  let zeros = new Uint32Array(0)
  return {
    banks: makeBanks(size),
    start: (trainable) => {
      const found: number[] = []
      for (const { offset, size: length } of chosen)
        for (let i = offset; i < offset + length; i++) if (trainable[i] === 0) found.push(i)
      zeros = Uint32Array.from(found)
    },
    update: (trainable, next) => {
      next.set(trainable)
      for (let i = 0; i < zeros.length; i++) next[zeros[i]] = 0
    },
    slow: undefined,
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
  const chosen = chosenBy(
    spec,
    parameters.filter(({ bank }) => bank === 'trainable'),
  )
  switch (spec.kind) {
    case 'none':
      return makeNothing(size)
    case 'permute':
      return makePermuter(chosen, size)
    case 'freezeZeros':
      return makeZeroFreezer(chosen, size)
    case 'lookahead':
      return makeLookahead(spec.slowStepSize, size)
    default:
      return spec satisfies never
  }
}
