/** Which models can be trained at all: the same on every engine. */
import { isTrainable } from '@laperm/core'
import type { InferredModel } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type UnsupportedModel, unsupportedModel } from './engine-error.ts'

/**
 * Check that a model is a classifier with something to train: its last layer is softmax, which the loss is fused with, its output is flat,
 * and it has a trainable parameter.
 *
 * @param engine name of the engine, for the error.
 * @returns the model, or `Left(UnsupportedModel)` naming the layer and the rule.
 */
export const checkTrainable = (
  engine: string,
  inferred: InferredModel,
): E.Either<UnsupportedModel, InferredModel> => {
  const { model, layers, outputShape, parameters } = inferred
  const last = layers[layers.length - 1]
  const refuse = (reason: string) => E.left(unsupportedModel(engine, model.name, last.name, reason))
  if (last.layer.kind !== 'softmax')
    return refuse('the last layer must be softmax, which the loss is fused with')
  if (outputShape.length !== 1)
    return refuse(
      `its output must be flat, one value a class, but is [${outputShape.join(', ')}]; put flatten and dense before it`,
    )
  if (!parameters.some(({ role }) => isTrainable(role)))
    return refuse('the model has no parameters, so there is nothing to train')
  return E.right(inferred)
}
