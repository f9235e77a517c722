/** What a session's caller can get wrong, said once and before anything is touched. */
import { type Params, renderError, validateInnerOptimizer } from '@laperm/core'
import type { Batch, CompileOptions, SessionState } from '@laperm/engine'
import { either as E } from 'fp-ts'
import type { BankedParameter } from '../compile/parameter-bank.ts'
import type { Program } from '../compile/program.ts'

/** @throws RangeError naming the first compile option outside its rule. */
export const checkOptions = ({ innerOptimizer, outerUpdate, batchSize, seed }: CompileOptions): void => {
  const optimizer = validateInnerOptimizer(innerOptimizer)
  if (E.isLeft(optimizer)) throw new RangeError(renderError(optimizer.left))
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batchSize: must be a positive integer, got ${batchSize}`)
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed: must be a safe integer, got ${seed}`)
  if (outerUpdate.kind === 'lookahead' && !(outerUpdate.slowStepSize > 0 && outerUpdate.slowStepSize <= 1))
    throw new RangeError(
      `slowStepSize: must be greater than 0 and at most 1, got ${outerUpdate.slowStepSize}`,
    )
}

/**
 * @throws RangeError naming what does not fit, and for a label out of range the example.
 */
export const checkBatch = (program: Program, { inputs, labels, size }: Batch): void => {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new RangeError(`batch: size must be a positive integer, got ${size}`)
  if (inputs.length !== size * program.inputSize)
    throw new RangeError(
      `batch: ${size} examples of ${program.modelName} need ${size * program.inputSize} inputs, got ${inputs.length}`,
    )
  if (labels.length !== size)
    throw new RangeError(`batch: ${size} examples need as many labels, got ${labels.length}`)
  for (let example = 0; example < size; example++)
    if (labels[example] >= program.classes)
      throw new RangeError(
        `batch: the label of example ${example} is ${labels[example]}, but ${program.modelName} has ${program.classes} classes (0 to ${program.classes - 1})`,
      )
}

/** @throws RangeError when the learning rate is no number, or the step is not a whole number from 1. */
export const checkStep = (learningRate: number, step: number): void => {
  if (!Number.isFinite(learningRate))
    throw new RangeError(`learningRate: must be a finite number, got ${learningRate}`)
  if (!Number.isSafeInteger(step) || step < 1)
    throw new RangeError(`step: must be a whole number counted from 1, got ${step}`)
}

/** @throws RangeError naming the first parameter that differs from the model's inventory. */
export const checkParams = (program: Program, params: Params): void => {
  if (params.length !== program.parameters.length)
    throw new RangeError(
      `params: ${program.modelName} has ${program.parameters.length} parameters, got ${params.length}`,
    )
  program.parameters.forEach(({ name, shape, size }, i) => {
    const given = params[i]
    if (given.name !== name)
      throw new RangeError(`params: number ${i} of ${program.modelName} is ${name}, got ${given.name}`)
    if (given.shape.join() !== shape.join() || given.values.length !== size)
      throw new RangeError(
        `params: ${name} has shape [${shape.join(', ')}] (${size} values), got [${given.shape.join(', ')}] with ${given.values.length} values`,
      )
  })
}

const checkArrays = (
  what: string,
  expected: readonly BankedParameter[],
  arrays: readonly Float32Array[] | undefined,
): void => {
  if (arrays === undefined || arrays.length !== expected.length)
    throw new RangeError(
      `state: ${what} needs one array for each of ${expected.length} trainable parameters, got ${arrays?.length ?? 'none'}`,
    )
  expected.forEach(({ name, size }, i) => {
    if (arrays[i].length !== size)
      throw new RangeError(`state: ${what} of ${name} needs ${size} values, got ${arrays[i].length}`)
  })
}

/** @throws RangeError naming what does not fit the model or the optimizer. */
export const checkState = (program: Program, state: SessionState, hasSlowWeights: boolean): void => {
  checkParams(program, state.params)
  const trainables = program.parameters.filter((parameter) => parameter.bank === 'trainable')
  for (const slot of program.slotNames) checkArrays(`slot ${slot}`, trainables, state.slots[slot])
  checkArrays('slow', hasSlowWeights ? trainables : [], state.slow)
}
