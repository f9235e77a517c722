/** Pruning by scores that are compared over the whole network. */
import type { Params } from '@laperm/core'

/** What a score is given for: kernels, as the paper prunes them. */
export const isPrunable = ({ role, shape }: Params[number]): boolean => role === 'kernel' && shape.length > 1

/**
 * Set the weights with the least scores to +0, `round(fraction * weights)` of all kernels together. What is zero already counts among them. Of
 * equal scores the first in the network's order goes first.
 *
 * @param params not written.
 * @param scoresOfKernels of each kernel, in order, a score a weight, none negative.
 */
export const pruneByScore = (
  params: Params,
  scoresOfKernels: readonly Float64Array[],
  fraction: number,
): Params => {
  const kernels = params.filter(isPrunable)
  // A weight that is left but cut off from the outputs has the same score as a zero.
  const scores = scoresOfKernels.map((ofKernel, k) =>
    ofKernel.map((score, i) => (kernels[k].values[i] === 0 ? -1 : score)),
  )
  const total = kernels.reduce((sum, { values }) => sum + values.length, 0)
  const pruned = Math.round(fraction * total)
  if (pruned === 0) return params
  const all = new Float64Array(total)
  let start = 0
  for (const score of scores) {
    all.set(score, start)
    start += score.length
  }
  const threshold = all.slice().sort()[pruned - 1]
  // Of those at the threshold as many go as are missing.
  let atThreshold = pruned - all.reduce((count, score) => count + (score < threshold ? 1 : 0), 0)
  let kernel = 0
  return params.map((parameter) => {
    if (!isPrunable(parameter)) return parameter
    const score = scores[kernel++]
    const values = parameter.values.slice()
    for (let i = 0; i < values.length; i++)
      if (score[i] < threshold || (score[i] === threshold && atThreshold-- > 0)) values[i] = 0
    return { ...parameter, values }
  })
}
