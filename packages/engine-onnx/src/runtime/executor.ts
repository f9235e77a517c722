/**
 * Executes a program in this thread: keeps parameters and optimizer state, runs the graphs, applies the outer update.
 *
 * The worker wraps one in messages; tests use it directly. It trusts its caller: the session has checked arguments, and asks for nothing
 * but `initialize` and `writeState` after a step that failed halfway.
 */
import type { OuterUpdate } from '@laperm/engine'
import type { BankedParameter } from '../compile/parameter-bank.ts'
import { type BufferName, chosenParameters, type Program } from '../compile/program.ts'
import { makeSessionBuffers } from './buffers.ts'
import { type GraphRunner, makeGraphRunner } from './graph-runner.ts'
import type { OnnxRuntime } from './load-onnxruntime.ts'
import { makeOuterUpdater } from './outer-update.ts'
import { packCopies } from './pack-copies.ts'

/** A batch as the graphs want it. */
export interface ExecutorBatch {
  readonly size: number
  /** `[size, ...inputShape]`. */
  readonly inputs: Float32Array
  readonly labels: Uint8Array
  /** For a training step: one mask a dropout layer, in the program's order. Empty to evaluate. */
  readonly masks: readonly Float32Array[]
}

/** What a batch gave. */
export interface BatchResult {
  readonly lossSum: number
  readonly correct: number
}

/** One array a parameter, in the order that each field names. */
export interface ExecutorState {
  /** In the inventory's order. */
  readonly params: readonly Float32Array[]
  /** Each with one array a trainable parameter. */
  readonly slots: Readonly<Record<string, readonly Float32Array[]>>
  /** One array a trainable parameter, for Lookahead; else empty. */
  readonly slow: readonly Float32Array[]
}

export interface Executor {
  /** Set theta_0: one array a parameter, in the inventory's order. Copies them. */
  readonly initialize: (params: readonly Float32Array[]) => void
  /** @param scalars the optimizer's, in its order. */
  readonly trainStep: (batch: ExecutorBatch, scalars: readonly number[]) => Promise<BatchResult>
  readonly evaluate: (batch: ExecutorBatch) => Promise<BatchResult>
  readonly sync: () => void
  /** Copies: views of one buffer. @param names only these. */
  readonly readParams: (names?: readonly string[]) => readonly Float32Array[]
  /** Copies: params, each slot and the slow weights have a buffer each. */
  readonly readState: () => ExecutorState
  readonly writeState: (state: ExecutorState) => void
  readonly release: () => Promise<void>
}

/** Activations above this size are kept once, not twice: see {@link makeGraphRunner}. */
const largestPatternBytes = 64 * 2 ** 20

/** Load a program into onnxruntime. All parameters are zero until `initialize`. */
export const makeExecutor = async (
  ort: OnnxRuntime,
  program: Program,
  outerUpdate: OuterUpdate,
  threads: number,
): Promise<Executor> => {
  const keepsPattern = program.activationBytes <= largestPatternBytes
  const train: GraphRunner = await makeGraphRunner(ort, program.train, threads, keepsPattern)
  const evaluation: GraphRunner = await makeGraphRunner(ort, program.evaluate, threads, keepsPattern)
  const trainables = program.parameters.filter((parameter) => parameter.bank === 'trainable')
  const outer = await makeOuterUpdater(outerUpdate, program.parameters, program.bankSizes.trainable)
  const own = makeSessionBuffers(program, outer.banks)

  const buffer = (name: BufferName): Float32Array => own.get(name) as Float32Array
  const viewOf = (bank: Float32Array, { offset, size }: BankedParameter): Float32Array =>
    bank.subarray(offset, offset + size)
  const copyOf = (bank: Float32Array, parameters: readonly BankedParameter[]): readonly Float32Array[] =>
    packCopies(parameters.map((parameter) => viewOf(bank, parameter)))
  const copyOfParams = (names?: readonly string[]): readonly Float32Array[] =>
    packCopies(chosenParameters(program, names).map((parameter) => viewOf(buffer(parameter.bank), parameter)))
  const write = (
    bank: Float32Array,
    parameters: readonly BankedParameter[],
    values: readonly Float32Array[],
  ): void =>
    parameters.forEach((parameter, i) => {
      viewOf(bank, parameter).set(values[i])
    })
  const writeParams = (values: readonly Float32Array[]): void =>
    program.parameters.forEach((parameter, i) => {
      viewOf(buffer(parameter.bank), parameter).set(values[i])
    })
  const swapTrainable = (): void => {
    const current = buffer('trainable')
    own.set('trainable', buffer('nextTrainable'))
    own.set('nextTrainable', current)
  }
  const run = async (runner: GraphRunner, batch: ExecutorBatch): Promise<BatchResult> => {
    const buffers = new Map<BufferName, Float32Array | Uint8Array>(own)
    buffers.set('inputs', batch.inputs).set('labels', batch.labels)
    program.masks.forEach(({ layer }, i) => {
      if (batch.masks[i] !== undefined) buffers.set(`mask/${layer}`, batch.masks[i])
    })
    await runner.run(batch.size, buffers)
    const [lossSum, correct] = buffer('results')
    return { lossSum, correct }
  }

  return {
    initialize: (params) => {
      writeParams(params)
      for (const slot of program.slotNames) buffer(`slot/${slot}`).fill(0)
      outer.start(buffer('trainable'))
    },
    trainStep: async (batch, scalars) => {
      buffer('scalars').set([1 / batch.size, ...scalars])
      const result = await run(train, batch)
      swapTrainable()
      return result
    },
    evaluate: (batch) => run(evaluation, batch),
    sync: () => {
      outer.update(buffer('trainable'), buffer('nextTrainable'))
      swapTrainable()
    },
    readParams: copyOfParams,
    readState: () => ({
      params: copyOfParams(),
      slots: Object.fromEntries(
        program.slotNames.map((slot) => [slot, copyOf(buffer(`slot/${slot}`), trainables)]),
      ),
      slow: outer.slow === undefined ? [] : copyOf(outer.slow, trainables),
    }),
    writeState: (state) => {
      writeParams(state.params)
      for (const slot of program.slotNames) write(buffer(`slot/${slot}`), trainables, state.slots[slot])
      if (outer.slow !== undefined) write(outer.slow, trainables, state.slow)
    },
    release: async () => {
      await train.release()
      await evaluation.release()
    },
  }
}
