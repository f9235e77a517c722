/** Parameters of a network as a safetensors file, and back: what `weights.safetensors` and `best.safetensors` hold. */
import type { Parameter, Params } from '@laperm/core'
import type { ParameterSpec } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from './errors.ts'
import { decodeSafetensors, joinPieces, safetensorsPieces, type Tensor } from './safetensors.ts'

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
  specs: readonly Pick<ParameterSpec, 'name' | 'shape' | 'role'>[],
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

/** A weights file's bytes in pieces that view the weights. The step says after which training step these weights were current. */
export const weightsPieces = (params: Params, step: number): readonly Uint8Array[] =>
  safetensorsPieces(toTensors(params), { format: 'laperm-weights/1', step: String(step) })

/** A weights file's bytes. The step says after which training step these weights were current. */
export const encodeWeights = (params: Params, step: number): Uint8Array =>
  joinPieces(weightsPieces(params, step))

/** Read a weights file for a model. @returns `Left(CorruptFile)` when it is damaged or of another model. */
export const decodeWeights = (
  path: string,
  bytes: Uint8Array,
  specs: readonly ParameterSpec[],
): E.Either<CorruptFile, Params> =>
  E.flatMap(({ tensors }: { readonly tensors: readonly Tensor[] }) => fromTensors(path, specs, tensors))(
    decodeSafetensors(path, bytes),
  )
