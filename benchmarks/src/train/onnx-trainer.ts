/** engine-onnx as a contender. */

import { renderEngineError } from '@laperm/engine'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import { either as E } from 'fp-ts'
import { makeEngineTrainer } from './engine-trainer.ts'
import type { Trainer, Workload } from './trainer.ts'

/** Compile the workload for onnxruntime. */
export const makeOnnxTrainer = async (workload: Workload): Promise<Trainer> => {
  const engine = await makeOnnxEngine({ threads: workload.threads })()
  if (E.isLeft(engine)) throw new Error(renderEngineError(engine.left))
  return {
    ...(await makeEngineTrainer(engine.right, 'engine-onnx', workload)),
    description: engine.right.describe,
  }
}
