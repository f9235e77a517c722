/** Parameters of a network as named tensors, and back. */
import type { Parameter, Params } from '@laperm/core'
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from './corrupt-file.ts'
import type { Tensor } from './tensor.ts'

/** Name, shape and values of every parameter, the name behind a prefix. Nothing is copied. */
export const toTensors = (params: Params, prefix = ''): readonly Tensor[] =>
  params.map(({ name, shape, values }) => ({ name: prefix + name, shape, values }))

/**
 * The parameters that a model has, out of a file's tensors.
 *
 * @param path named in errors.
 * @param prefix only tensors whose name begins with it count; `''` takes all.
 * @returns `Left(CorruptFile)` when a parameter is missing or has another shape, or a tensor belongs to no parameter.
 */
export const fromTensors = (
  path: string,
  specs: readonly Omit<Parameter, 'values'>[],
  tensors: readonly Tensor[],
  prefix = '',
): E.Either<CorruptFile, Params> => {
  const named = new Map(
    tensors
      .filter((tensor) => tensor.name.startsWith(prefix))
      .map((tensor) => [tensor.name.slice(prefix.length), tensor]),
  )
  const params: Parameter[] = []
  for (const { name, shape, role } of specs) {
    const tensor = named.get(name)
    if (tensor === undefined) return E.left(corruptFile(path, `a tensor '${prefix}${name}'`, 'none'))
    if (tensor.shape.join() !== shape.join())
      return E.left(
        corruptFile(
          path,
          `'${prefix}${name}' of shape [${shape.join(', ')}]`,
          `[${tensor.shape.join(', ')}]`,
        ),
      )
    named.delete(name)
    params.push({ name, shape, role, values: tensor.values })
  }
  const [stranger] = named.keys()
  return stranger === undefined
    ? E.right(params)
    : E.left(corruptFile(path, 'only parameters of the model', `'${prefix}${stranger}'`))
}
