/** What `sync()` does to the trained parameters: see `OuterUpdate` in `@laperm/engine`. */
import { type OuterUpdate, permutedBy } from '@laperm/engine'
import type { BankedParameter } from '../compile/parameter-bank.ts'
import { makePermuter } from './permuter.ts'

/** Keeps what the outer update needs (theta_sorted, slow weights). Parameters are views of the trained bank. */
export interface OuterUpdater {
  /** Two arrays of zeros for the trained bank and the next one, where this update is fastest. */
  readonly banks: readonly [Float32Array, Float32Array]
  /** Forget everything and start from these parameters. */
  readonly start: (trainable: Float32Array) => void
  /**
   * Apply the update.
   *
   * @param trainable the trained bank, one of {@link banks}; not written.
   * @param next the other bank; holds the whole result afterwards.
   * @throws DivergedError when a weight to be ranked is NaN; `trainable` is whole then.
   */
  readonly update: (trainable: Float32Array, next: Float32Array) => void
  /** Lookahead's slow weights as a bank; undefined for the other updates. */
  readonly slow: Float32Array | undefined
}

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
