/** What is synchronized: the kernels of one of the paper's networks, as a training run would have them. */
import { initializeParams, weightVectorsSize } from '@laperm/core'
import { sortInto } from '@laperm/core/kernel'
import { inferShapes, type ZooName, zoo } from '@laperm/models'
import { either as E } from 'fp-ts'

/** One kernel as a `[length, count]` matrix, row-major. */
export interface KernelWeights {
  readonly length: number
  readonly count: number
  /** theta_sorted. */
  readonly sorted: Float32Array<ArrayBuffer>
  /** Weights of another seed: what ranks. */
  readonly w: Float32Array<ArrayBuffer>
}

/** theta_0 from seed 1, sorted; weights to be ranked from seed 2. */
export const kernelsOf = (network: ZooName): readonly KernelWeights[] => {
  const inferred = inferShapes(zoo[network])
  if (E.isLeft(inferred)) throw new TypeError(inferred.left.reason)
  const [initial, trained] = [1, 2].map((seed) => initializeParams(inferred.right.parameters, seed))
  return initial.flatMap(({ role, shape, values }, i): readonly KernelWeights[] => {
    if (role !== 'kernel') return []
    const { length, count } = weightVectorsSize(shape)
    const sorted = new Float32Array(values.length)
    sortInto({ values, length, count }, sorted)
    return [{ length, count, sorted, w: Float32Array.from(trained[i].values) }]
  })
}

/** Weights in all. */
export const weightsIn = (kernels: readonly KernelWeights[]): number =>
  kernels.reduce((sum, { w }) => sum + w.length, 0)
