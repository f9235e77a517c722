/** A {@link TrainSession} whose work is done by a worker thread. */
import type { Params } from '@laperm/core'
import type { Batch, CompileOptions, TrainSession } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import type { Program } from '../compile/program.ts'
import { makeGraphOptimizer } from '../optimizers/make-graph-optimizer.ts'
import { buffersOf, packCopies } from '../runtime/pack-copies.ts'
import { openPackage, packageSizeBytes } from './batch-package.ts'
import { checkBatch, checkParams, checkState, checkStep } from './checks.ts'
import { makeMaskedPackages } from './dropout-masks.ts'
import { startWorker } from './worker-link.ts'

/** Start a worker for a compiled program. */
export const makeWorkerSession = async (
  inferred: InferredModel,
  program: Program,
  options: CompileOptions,
  threads: number,
): Promise<TrainSession> => {
  const link = await startWorker({ program, outerUpdate: options.outerUpdate, threads })
  const optimizer = makeGraphOptimizer(options.innerOptimizer)
  const packages = makeMaskedPackages(program, options.seed)
  const modelName = program.modelName
  let isInitialized = false

  const requireInitialized = (what: string): void => {
    if (!isInitialized) throw new Error(`${what}: call initialize first, the parameters have no values yet`)
  }
  const nameParams = (values: readonly Float32Array[]): Params =>
    program.parameters.map(({ name, shape, role }, i) => ({ name, shape, role, values: values[i] }))
  const valuesOf = (params: Params): readonly Float32Array[] => params.map((parameter) => parameter.values)

  return {
    inferred,
    initialize: async (initial) => {
      checkParams(program, initial)
      const params = packCopies(valuesOf(initial))
      await link.ask(
        { kind: 'initialize', params },
        `setting the parameters of ${modelName}`,
        buffersOf(params),
      )
      isInitialized = true
    },
    trainStep: async (batch, learningRate, step) => {
      requireInitialized('trainStep')
      checkStep(learningRate, step)
      checkBatch(program, batch)
      const { size } = batch
      const buffer = packages.take(size, step)
      const parts = openPackage(program, buffer, size, true)
      parts.inputs.set(batch.inputs)
      parts.labels.set(batch.labels)
      const answer = link.ask(
        { kind: 'trainStep', batch: buffer, size, scalars: optimizer.scalarsAt(learningRate, step) },
        `training step ${step} of ${modelName} with ${size} examples`,
        [buffer],
      )
      if (program.masks.length > 0) packages.prepare(options.batchSize, step + 1)
      const { value, batch: returned } = await answer
      packages.giveBack(returned)
      return { loss: value.lossSum / size, correct: value.correct }
    },
    evaluate: async (batch: Batch) => {
      requireInitialized('evaluate')
      checkBatch(program, batch)
      const { size } = batch
      const buffer = new ArrayBuffer(packageSizeBytes(program, size, false))
      const parts = openPackage(program, buffer, size, false)
      parts.inputs.set(batch.inputs)
      parts.labels.set(batch.labels)
      const { value } = await link.ask(
        { kind: 'evaluate', batch: buffer, size },
        `evaluating ${size} examples with ${modelName}`,
        [buffer],
      )
      return { lossSum: value.lossSum, correct: value.correct, size }
    },
    sync: async () => {
      requireInitialized('sync')
      await link.ask({ kind: 'sync' }, `synchronizing ${modelName}`)
    },
    readParams: async () => {
      requireInitialized('readParams')
      return nameParams(
        (await link.ask({ kind: 'readParams' }, `reading the parameters of ${modelName}`)).value,
      )
    },
    readState: async () => {
      requireInitialized('readState')
      const { value } = await link.ask({ kind: 'readState' }, `reading the state of ${modelName}`)
      return { params: nameParams(value.params), slots: value.slots, slow: value.slow }
    },
    writeState: async (state) => {
      requireInitialized('writeState')
      checkState(program, state, options.outerUpdate.kind === 'lookahead')
      const params = packCopies(valuesOf(state.params))
      const slots = program.slotNames.map((slot) => [slot, packCopies(state.slots[slot])] as const)
      const slow = packCopies(state.slow)
      await link.ask(
        { kind: 'writeState', state: { params, slots: Object.fromEntries(slots), slow } },
        `writing the state of ${modelName}`,
        buffersOf([...params, ...slots.flatMap(([, arrays]) => arrays), ...slow]),
      )
    },
    dispose: link.close,
  }
}
