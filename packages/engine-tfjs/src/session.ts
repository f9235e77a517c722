/** A model's parameters as tfjs variables, trained, evaluated and synchronized on one tfjs backend. */
import { type CompileOptions, makeTrainSession, type SessionWork, type TrainSession } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import type * as tf from '@tensorflow/tfjs-core'
import { makeBatchPasses } from './batch-passes.ts'
import { makeDeviceCalls } from './device-calls.ts'
import { freezeZeros, moveSlow, permute, sortPermuted, whereNotZero } from './outer-updates.ts'
import type { Runtime } from './runtime.ts'
import { makeSessionVariables } from './session-variables.ts'

const makeWork = (inferred: InferredModel, options: CompileOptions, runtime: Runtime): SessionWork => {
  const { outerUpdate, seed } = options
  const optimizer = runtime.makeOptimizer(options.innerOptimizer)
  const calls = makeDeviceCalls(runtime)
  const variables = makeSessionVariables(inferred, options, optimizer.slotNames, calls)
  const passes = makeBatchPasses(inferred, variables, optimizer, seed)
  const { during } = calls

  const scoreOf = async (score: tf.Tensor) => {
    const [lossSum, correct] = await calls.read(score)
    score.dispose()
    return { lossSum, correct }
  }
  return {
    initialize: (initial) =>
      during(async () => {
        variables.start(initial)
        variables.keepForUpdate(
          outerUpdate.kind === 'freezeZeros'
            ? whereNotZero(variables)
            : await sortPermuted(variables, calls, runtime.operations),
        )
      }),
    trainStep: (batch, learningRate, step, willWrite) =>
      during(async () => {
        willWrite()
        const { lossSum, correct } = await scoreOf(passes.train(batch, learningRate, step))
        return { loss: lossSum / batch.size, correct }
      }),
    evaluate: (batch) =>
      during(async () => ({ ...(await scoreOf(passes.evaluate(batch))), size: batch.size })),
    sync: (willWrite) =>
      during(async () => {
        switch (outerUpdate.kind) {
          case 'none':
            return
          case 'lookahead':
            willWrite()
            moveSlow(variables, outerUpdate.slowStepSize)
            return
          case 'freezeZeros':
            willWrite()
            freezeZeros(variables)
            return
          case 'permute':
            await permute(variables, calls, runtime.operations, willWrite)
            return
          default:
            outerUpdate satisfies never
        }
      }),
    readParams: (names) => during(() => variables.readParams(names)),
    readState: () => during(variables.readState),
    writeState: (state) => during(async () => variables.writeState(state)),
    dispose: async () => {
      calls.end()
      variables.release()
    },
  }
}

/** Make a session; parameters get their values from `initialize`. */
export const makeSession = (
  inferred: InferredModel,
  options: CompileOptions,
  runtime: Runtime,
): TrainSession => makeTrainSession(runtime.engine, inferred, options, makeWork(inferred, options, runtime))
