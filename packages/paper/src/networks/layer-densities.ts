/** How many weights each kernel keeps where a whole network keeps a share: the Erdos-Renyi kernel rule. */
import { inferShapes, type Model } from '@laperm/models'
import { either as E } from 'fp-ts'

/**
 * The share pruned of each kernel by ERK: a kernel keeps in proportion to the sum of its axes over their product, so that small kernels stay
 * denser. Kernels that would keep more than all stay whole, and the others share the rest.
 *
 * @param sparsity share of all kernels' weights that is pruned, in [0, 1).
 * @returns one share a kernel, in order; together they prune `sparsity` of all weights.
 * @see Evci et al. 2020, arXiv:1911.11134 Section 3
 */
export const erkSparsity = (model: Model, sparsity: number): readonly number[] => {
  const inferred = inferShapes(model)
  if (E.isLeft(inferred)) throw new TypeError(`${model.name} does not infer`)
  const shapes = inferred.right.parameters.filter(({ role }) => role === 'kernel').map(({ shape }) => shape)
  const sizes = shapes.map((shape) => shape.reduce((product, axis) => product * axis, 1))
  const raw = shapes.map((shape, i) => shape.reduce((sum, axis) => sum + axis, 0) / sizes[i])
  const kept = (1 - sparsity) * sizes.reduce((sum, size) => sum + size, 0)
  const isWhole = sizes.map(() => false)
  for (;;) {
    const whole = sizes.reduce((sum, size, i) => sum + (isWhole[i] ? size : 0), 0)
    const weight = sizes.reduce((sum, size, i) => sum + (isWhole[i] ? 0 : raw[i] * size), 0)
    const scale = weight === 0 ? 0 : (kept - whole) / weight
    const over = raw.findIndex((density, i) => !isWhole[i] && density * scale > 1)
    if (over < 0) return raw.map((density, i) => (isWhole[i] ? 0 : 1 - density * scale))
    isWhole[over] = true
  }
}
