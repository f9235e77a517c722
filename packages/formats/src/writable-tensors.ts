/** What every writer asks of the tensors that it is given. */
import { leadsInside } from './source/name-inside.ts'
import type { Tensor } from './tensor.ts'

/**
 * @throws RangeError when a shape does not hold its values, a name occurs twice, or one leads out of the archive or group that it is written into (`../x`), where a
 * program that unpacks it would follow.
 */
export const requireWritable = (tensors: readonly Tensor[]): void => {
  const names = new Set<string>()
  for (const { name, shape, values } of tensors) {
    if (!leadsInside(name))
      throw new RangeError(
        `tensors: the name '${name}' must have parts between single '/', none of them '.' or '..'`,
      )
    if (names.has(name)) throw new RangeError(`tensors: the name '${name}' occurs twice`)
    names.add(name)
    if (shape.reduce((product, axis) => product * axis, 1) !== values.length)
      throw new RangeError(`tensors: '${name}' of shape [${shape.join(', ')}] has ${values.length} values`)
  }
}
