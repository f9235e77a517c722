/** Sessions of the real engine, worker and all. */
import { adamSpec } from '@laperm/core'
import type { CompileOptions, TrainSession } from '@laperm/engine'
import { renderEngineError } from '@laperm/engine'
import type { Model } from '@laperm/models'
import { either as E } from 'fp-ts'
import { makeOnnxEngine } from '../../src/index.ts'
import { infer } from './infer.ts'

/** A session, or an error: test machines have onnxruntime. */
export const makeSession = async (
  model: Model,
  options: Partial<CompileOptions> = {},
): Promise<TrainSession> => {
  const engine = await makeOnnxEngine({ threads: 1 })()
  if (E.isLeft(engine)) throw new Error(renderEngineError(engine.left))
  const session = await engine.right.compile(infer(model), {
    loss: 'softmaxCrossEntropy',
    innerOptimizer: adamSpec,
    outerUpdate: { kind: 'none' },
    batchSize: 8,
    seed: 1,
    ...options,
  })()
  if (E.isLeft(session)) throw new Error(renderEngineError(session.left))
  return session.right
}
