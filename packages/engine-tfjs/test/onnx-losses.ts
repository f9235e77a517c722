/** The losses of engine-onnx, which every other engine is held against. */

import { makeOnnxEngine } from '@laperm/engine-onnx'
import { either as E } from 'fp-ts'
import { comparedModels } from './compared-models.ts'
import { firstLosses, type LossesAsked } from './losses.ts'

export const onnxLosses = async (name: string, asked: LossesAsked = {}): Promise<readonly number[]> => {
  const engine = await makeOnnxEngine()()
  if (E.isLeft(engine)) throw new Error(JSON.stringify(engine.left))
  return firstLosses(engine.right, comparedModels[name], asked)
}
