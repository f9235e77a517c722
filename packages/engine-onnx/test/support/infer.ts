import { type InferredModel, inferShapes, type Model, renderModelError } from '@laperm/models'
import { either as E } from 'fp-ts'

/** The inferred model, or an error: test models are valid. */
export const infer = (model: Model): InferredModel => {
  const inferred = inferShapes(model)
  if (E.isLeft(inferred)) throw new Error(renderModelError(inferred.left))
  return inferred.right
}
