/** What a session's caller can get wrong, said once and before anything is touched. */
import { checkInnerOptimizer, isTrainable, type Params, renderError, slowStepSizeRule } from '@laperm/core'
import { requireSetting } from '@laperm/core/settings'
import type { InferredModel, ParameterSpec } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { Batch } from './batch.ts'
import type { CompileOptions } from './compile-options.ts'
import { slotNamesOf } from './optimizer-slots.ts'
import type { SessionState } from './session-state.ts'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

/** @throws RangeError naming the first compile option outside its rule. */
export const checkCompileOptions = ({
  innerOptimizer,
  outerUpdate,
  batchSize,
  seed,
  threads,
}: CompileOptions): void => {
  const optimizer = checkInnerOptimizer(innerOptimizer)
  if (E.isLeft(optimizer)) throw new RangeError(renderError(optimizer.left))
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batchSize: must be a positive integer, got ${batchSize}`)
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed: must be a safe integer, got ${seed}`)
  if (threads !== undefined && (!Number.isSafeInteger(threads) || threads < 1))
    throw new RangeError(`threads: must be a positive integer, got ${threads}`)
  if (outerUpdate.kind === 'lookahead')
    requireSetting('slowStepSize', outerUpdate.slowStepSize, slowStepSizeRule)
}

/** @throws RangeError naming what does not fit, and for a label out of range the example. */
export const checkBatch = ({ model, outputShape }: InferredModel, { inputs, labels, size }: Batch): void => {
  const inputSize = sizeOf(model.inputShape)
  const classes = outputShape[0]
  if (!Number.isSafeInteger(size) || size < 1)
    throw new RangeError(`batch: size must be a positive integer, got ${size}`)
  if (inputs.length !== size * inputSize)
    throw new RangeError(
      `batch: ${size} examples of ${model.name} need ${size * inputSize} inputs, got ${inputs.length}`,
    )
  if (labels.length !== size)
    throw new RangeError(`batch: ${size} examples need as many labels, got ${labels.length}`)
  for (let example = 0; example < size; example++)
    if (labels[example] >= classes)
      throw new RangeError(
        `batch: the label of example ${example} is ${labels[example]}, but ${model.name} has ${classes} classes (0 to ${classes - 1})`,
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
export const checkParams = ({ model, parameters }: InferredModel, params: Params): void => {
  if (params.length !== parameters.length)
    throw new RangeError(`params: ${model.name} has ${parameters.length} parameters, got ${params.length}`)
  parameters.forEach(({ name, shape }, i) => {
    const given = params[i]
    if (given.name !== name)
      throw new RangeError(`params: number ${i} of ${model.name} is ${name}, got ${given.name}`)
    if (given.shape.join() !== shape.join() || given.values.length !== sizeOf(shape))
      throw new RangeError(
        `params: ${name} has shape [${shape.join(', ')}] (${sizeOf(shape)} values), got [${given.shape.join(', ')}] with ${given.values.length} values`,
      )
  })
}

/** @throws RangeError naming the first that is no parameter of the model. */
export const checkNames = ({ model, parameters }: InferredModel, names: readonly string[]): void => {
  for (const name of names)
    if (!parameters.some((parameter) => parameter.name === name))
      throw new RangeError(
        `names: ${model.name} has no parameter ${name}, only ${parameters.map((parameter) => parameter.name).join(', ')}`,
      )
}

const checkArrays = (
  what: string,
  expected: readonly ParameterSpec[],
  arrays: readonly Float32Array[] | undefined,
): void => {
  if (arrays === undefined || arrays.length !== expected.length)
    throw new RangeError(
      `state: ${what} needs one array for each of ${expected.length} trainable parameters, got ${arrays?.length ?? 'none'}`,
    )
  expected.forEach(({ name, shape }, i) => {
    if (arrays[i].length !== sizeOf(shape))
      throw new RangeError(`state: ${what} of ${name} needs ${sizeOf(shape)} values, got ${arrays[i].length}`)
  })
}

/** @throws RangeError naming what does not fit the model, the inner optimizer or the outer update. */
export const checkState = (
  inferred: InferredModel,
  { innerOptimizer, outerUpdate }: CompileOptions,
  state: SessionState,
): void => {
  checkParams(inferred, state.params)
  const trainables = inferred.parameters.filter(({ role }) => isTrainable(role))
  for (const slot of slotNamesOf(innerOptimizer)) checkArrays(`slot ${slot}`, trainables, state.slots[slot])
  checkArrays('slow', outerUpdate.kind === 'lookahead' ? trainables : [], state.slow)
}
