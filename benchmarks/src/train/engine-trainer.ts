/** An engine of ours as a contender. */
import { adamSpec, initializeParams, makeRandom } from '@laperm/core'
import { type Batch, type Engine, orThrow, renderEngineError } from '@laperm/engine'
import { inferShapes, renderModelError } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { Trainer, Workload } from './trainer.ts'

const distinctBatches = 16

const randomBatches = ({ model, batchSize }: Workload): readonly Batch[] => {
  const size = model.inputShape.reduce((product, axis) => product * axis, batchSize)
  return Array.from({ length: distinctBatches }, (_, index) => {
    const random = makeRandom(1, 'benchmark-batch', index)
    return {
      inputs: Float32Array.from({ length: size }, () => random.nextUniform()),
      labels: Uint8Array.from({ length: batchSize }, () => random.nextInt(10)),
      size: batchSize,
    }
  })
}

/** Compile the workload for an engine; LaPerm with Adam inside. */
export const makeEngineTrainer = async (
  engine: Engine,
  name: string,
  workload: Workload,
): Promise<Trainer> => {
  const inferred = inferShapes(workload.model)
  if (E.isLeft(inferred)) throw new Error(renderModelError(inferred.left))
  const compiled = await engine.compile(inferred.right, {
    loss: 'softmaxCrossEntropy',
    innerOptimizer: adamSpec,
    outerUpdate: { kind: 'permute', roles: workload.model.permutedRoles },
    batchSize: workload.batchSize,
    seed: 1,
    threads: workload.threads,
  })()
  if (E.isLeft(compiled)) throw new Error(renderEngineError(compiled.left))
  const session = compiled.right
  await orThrow(session.initialize(initializeParams(session.inferred.parameters, 1)))
  const batches = randomBatches(workload)
  let step = 0
  return {
    name: name,
    synchronizes: true,
    slowness: 1,
    trainSteps: async (count, syncPeriod) => {
      const start = performance.now()
      let loss = 0
      for (let taken = 0; taken < count; taken++) {
        step++
        const result = await orThrow(session.trainStep(batches[step % distinctBatches], 1e-3, step))
        loss += result.loss
        if (syncPeriod > 0 && step % syncPeriod === 0) await orThrow(session.sync())
      }
      if (!Number.isFinite(loss)) throw new Error(`${name}: the loss of ${workload.model.name} is ${loss}`)
      return performance.now() - start
    },
    evaluate: async (count) => {
      const start = performance.now()
      for (let index = 0; index < count; index++)
        await orThrow(session.evaluate(batches[index % distinctBatches]))
      return performance.now() - start
    },
    peakMemoryBytes: () => Promise.resolve(undefined),
    stop: () => session.dispose(),
  }
}
