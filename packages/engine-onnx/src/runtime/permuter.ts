/** LaPerm's synchronization of a bank of parameters. */
import { DivergedError, diverged, renderError, type WeightVectors, weightVectorsSize } from '@laperm/core'
import type { BankedParameter } from '../compile/parameter-bank.ts'
import type { OuterUpdater } from './outer-update.ts'
import { loadSyncKernel } from './sync-kernel.ts'

/** A parameter's weight vectors, in the bank that holds it. */
const vectorsOf = (bank: Float32Array, { offset, size, shape }: BankedParameter): WeightVectors => ({
  values: bank.subarray(offset, offset + size),
  ...weightVectorsSize(shape),
})

/** The kernel knows which weight is NaN, we know the variable. */
const naming = (parameter: BankedParameter, work: () => void): void => {
  try {
    work()
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error
    throw new Error(renderError(diverged(parameter.name, error.vector, error.index)))
  }
}

/**
 * LaPerm: each parameter becomes its initial weights, sorted per vector, in the order of the present ones.
 *
 * @param parameters the permuted ones.
 */
export const makePermuter = async (parameters: readonly BankedParameter[]): Promise<OuterUpdater> => {
  const longest = Math.max(0, ...parameters.map(({ shape }) => weightVectorsSize(shape).length))
  const kernel = await loadSyncKernel(longest)
  const sorted = parameters.map(({ size, shape }) => ({
    values: new Float32Array(size),
    ...weightVectorsSize(shape),
  }))
  return {
    start: (trainable) =>
      parameters.forEach((parameter, i) => {
        naming(parameter, () => kernel.sortInto(vectorsOf(trainable, parameter), sorted[i].values))
      }),
    update: (trainable, next) => {
      next.set(trainable)
      parameters.forEach((parameter, i) => {
        const out = vectorsOf(next, parameter).values
        naming(parameter, () => kernel.syncInto(sorted[i], vectorsOf(trainable, parameter), out))
      })
    },
    slow: undefined,
  }
}
