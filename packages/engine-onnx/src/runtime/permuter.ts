/** LaPerm's synchronization of a bank of parameters. */
import { type WeightVectors, weightVectorsSize } from '@laperm/core'
import { namingDiverged } from '@laperm/core/kernel'
import type { BankedParameter } from '../compile/parameter-bank.ts'
import type { OuterUpdater } from './outer-updater.ts'
import { loadSyncKernel } from './sync-kernel.ts'

/** A parameter's weight vectors, in the bank that holds it. */
const vectorsOf = (bank: Float32Array, { offset, size, shape }: BankedParameter): WeightVectors => ({
  values: bank.subarray(offset, offset + size),
  ...weightVectorsSize(shape),
})

/** What lies between the given parameters of a bank, as views. */
const gapsBetween = (bank: Float32Array, parameters: readonly BankedParameter[]): readonly Float32Array[] => {
  const inOrder = [...parameters].sort((a, b) => a.offset - b.offset)
  const starts = [0, ...inOrder.map(({ offset, size }) => offset + size)]
  const ends = [...inOrder.map(({ offset }) => offset), bank.length]
  return starts.map((start, i) => bank.subarray(start, ends[i])).filter(({ length }) => length > 0)
}

/**
 * LaPerm: each parameter becomes its initial weights, sorted per vector, in the order of the present ones.
 *
 * The banks and theta_sorted lie in the kernel's memory, where they are synchronized without a copy.
 *
 * @param parameters the permuted ones.
 * @param size of a bank of trained parameters.
 */
export const makePermuter = async (
  parameters: readonly BankedParameter[],
  size: number,
): Promise<OuterUpdater> => {
  const longest = Math.max(0, ...parameters.map(({ shape }) => weightVectorsSize(shape).length))
  const { kernel } = await loadSyncKernel()
  const [first, second, ...sortedValues] = kernel.allocate(
    [size, size, ...parameters.map((parameter) => parameter.size)],
    longest,
  )
  const sorted = parameters.map(({ shape }, i) => ({ values: sortedValues[i], ...weightVectorsSize(shape) }))
  return {
    banks: [first, second],
    start: (trainable) =>
      parameters.forEach((parameter, i) => {
        namingDiverged(parameter.name, () =>
          kernel.sortInto(vectorsOf(trainable, parameter), sorted[i].values),
        )
      }),
    update: (trainable, next) => {
      const others = gapsBetween(trainable, parameters)
      gapsBetween(next, parameters).forEach((gap, i) => {
        gap.set(others[i])
      })
      parameters.forEach((parameter, i) => {
        const out = vectorsOf(next, parameter).values
        namingDiverged(parameter.name, () => kernel.syncInto(sorted[i], vectorsOf(trainable, parameter), out))
      })
    },
    slow: undefined,
  }
}
