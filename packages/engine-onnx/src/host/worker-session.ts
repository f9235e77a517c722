/** A {@link TrainSession} whose work is done by a worker thread. */
import type { Params } from '@laperm/core'
import {
  type Batch,
  type CompileOptions,
  makeTrainSession,
  type SessionWork,
  type TrainSession,
} from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import { chosenParameters, type Program } from '../compile/program.ts'
import { makeGraphOptimizer } from '../optimizers/make-graph-optimizer.ts'
import { buffersOf, packCopies } from '../runtime/pack-copies.ts'
import { openPackage, packageSizeBytes } from './batch-package.ts'
import { makeMaskedPackages } from './dropout-masks.ts'
import { startWorker, type WorkerLink } from './worker-link.ts'

const valuesOf = (params: Params): readonly Float32Array[] => params.map((parameter) => parameter.values)

const makeWork = (link: WorkerLink, program: Program, options: CompileOptions): SessionWork => {
  const optimizer = makeGraphOptimizer(options.innerOptimizer)
  const packages = makeMaskedPackages(program, options.seed)
  const nameParams = (values: readonly Float32Array[], names?: readonly string[]): Params =>
    chosenParameters(program, names).map(({ name, shape, role }, i) => ({
      name,
      shape,
      role,
      values: values[i],
    }))
  const fill = (buffer: ArrayBuffer, batch: Batch, withMasks: boolean): void => {
    const parts = openPackage(program, buffer, batch.size, withMasks)
    parts.inputs.set(batch.inputs)
    parts.labels.set(batch.labels)
  }
  return {
    initialize: async (initial) => {
      const params = packCopies(valuesOf(initial))
      await link.ask({ kind: 'initialize', params }, buffersOf(params))
    },
    trainStep: async (batch, learningRate, step, willWrite) => {
      const { size } = batch
      const buffer = packages.take(size, step)
      fill(buffer, batch, true)
      willWrite()
      const scalars = optimizer.scalarsAt(learningRate, step)
      const answer = link.ask({ kind: 'trainStep', batch: buffer, size, scalars }, [buffer])
      if (program.masks.length > 0) packages.prepare(options.batchSize, step + 1)
      const { value, batch: returned } = await answer
      packages.giveBack(returned)
      return { loss: value.lossSum / size, correct: value.correct }
    },
    evaluate: async (batch) => {
      const { size } = batch
      const buffer = new ArrayBuffer(packageSizeBytes(program, size, false))
      fill(buffer, batch, false)
      const { value } = await link.ask({ kind: 'evaluate', batch: buffer, size }, [buffer])
      return { lossSum: value.lossSum, correct: value.correct, size }
    },
    // The next bank is written, and takes the present one's place when it is whole: a NaN is met before that.
    sync: async () => {
      await link.ask({ kind: 'sync' })
    },
    readParams: async (names) => nameParams((await link.ask({ kind: 'readParams', names })).value, names),
    readState: async () => {
      const { value } = await link.ask({ kind: 'readState' })
      return { params: nameParams(value.params), slots: value.slots, slow: value.slow }
    },
    writeState: async (state) => {
      const params = packCopies(valuesOf(state.params))
      const slots = program.slotNames.map((slot) => [slot, packCopies(state.slots[slot])] as const)
      const slow = packCopies(state.slow)
      await link.ask(
        { kind: 'writeState', state: { params, slots: Object.fromEntries(slots), slow } },
        buffersOf([...params, ...slots.flatMap(([, arrays]) => arrays), ...slow]),
      )
    },
    dispose: link.close,
  }
}

/** What a worker is started by. */
export interface WorkerHost {
  /** Path of the worker's program. */
  readonly script: string
  readonly threads: number
}

/** Start a worker for a compiled program. */
export const makeWorkerSession = async (
  engine: string,
  inferred: InferredModel,
  program: Program,
  options: CompileOptions,
  { script, threads }: WorkerHost,
): Promise<TrainSession> => {
  const link = await startWorker(engine, script, { program, outerUpdate: options.outerUpdate, threads })
  return makeTrainSession(engine, inferred, options, makeWork(link, program, options))
}
