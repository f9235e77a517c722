/**
 * A data set from arrays that somebody has: checked once here, trusted everywhere after.
 */
import { either as E } from 'fp-ts'
import type { DataError } from './data-error.ts'
import { DataProblem } from './data-problem.ts'
import { type Dataset, type Examples, type InputShape, inputSizeOf } from './dataset.ts'

/** Inputs and labels of one split, as {@link makeDataset} takes them. */
export interface LabelledArrays {
  /** `[count, ...inputShape]` row-major, channels last: bytes are pixels in 0..255, floats are values of any range. Kept, not copied. */
  readonly inputs: Uint8Array | Float32Array
  /** Class numbers from 0, one an input. A `Uint8Array` is kept, anything else copied. */
  readonly labels: ArrayLike<number>
}

/** What {@link makeDataset} takes. */
export interface DatasetParts {
  readonly name: string
  /** `[height, width, channels]` or `[length]`. */
  readonly inputShape: readonly number[]
  /** 2 to 256. */
  readonly classes: number
  readonly train: LabelledArrays
  readonly test: LabelledArrays
  readonly warnings?: readonly string[] | undefined
}

/** Labels are bytes: the engines take them so. */
export const maxClasses = 256

/** Throw `InvalidDataset`: which field of which data set, its value, its rule. */
export const refuseDataset = (dataset: string, field: string, value: string, rule: string): never => {
  throw new DataProblem({ _tag: 'InvalidDataset', dataset, field, value, rule })
}

const parseShape = (name: string, shape: readonly number[]): InputShape => {
  const text = `[${shape.join(', ')}]`
  if (shape.length !== 1 && shape.length !== 3)
    return refuseDataset(name, 'inputShape', text, 'must be [height, width, channels] or [length]')
  if (!shape.every((axis) => Number.isSafeInteger(axis) && axis >= 1))
    return refuseDataset(name, 'inputShape', text, 'must hold positive integers')
  const [first, width, channels] = shape
  return shape.length === 1 ? [first] : [first, width, channels]
}

const parseLabels = (name: string, field: string, labels: ArrayLike<number>, classes: number): Uint8Array => {
  for (let i = 0; i < labels.length; i++)
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classes))
      return refuseDataset(
        name,
        `${field}[${i}]`,
        String(labels[i]),
        `must be an integer from 0 to ${classes - 1}, since there are ${classes} classes`,
      )
  return labels instanceof Uint8Array ? labels : Uint8Array.from(labels)
}

const parseExamples = (
  name: string,
  split: 'train' | 'test',
  { inputs, labels }: LabelledArrays,
  shape: InputShape,
  classes: number,
): Examples => {
  if (!(inputs instanceof Uint8Array || inputs instanceof Float32Array))
    return refuseDataset(name, `${split}.inputs`, typeof inputs, 'must be a Uint8Array or a Float32Array')
  const size = inputSizeOf(shape)
  const count = inputs.length / size
  if (!Number.isInteger(count) || count < 1)
    return refuseDataset(
      name,
      `${split}.inputs.length`,
      String(inputs.length),
      `must be a positive multiple of ${size}, the values of one input of [${shape.join(', ')}]`,
    )
  if (labels.length !== count)
    return refuseDataset(
      name,
      `${split}.labels.length`,
      String(labels.length),
      `must be ${count}, one label for each of the inputs`,
    )
  if (inputs instanceof Float32Array)
    for (let i = 0; i < inputs.length; i++)
      if (!Number.isFinite(inputs[i]))
        return refuseDataset(
          name,
          `${split}.inputs[${i}] (example ${Math.floor(i / size)})`,
          String(inputs[i]),
          'must be finite in float32',
        )
  return { inputs, labels: parseLabels(name, `${split}.labels`, labels, classes), count }
}

/** {@link makeDataset} for callers in this package that throw. */
export const datasetOf = (parts: DatasetParts): Dataset => {
  const { name, classes, warnings = [] } = parts
  if (name === '') return refuseDataset('data set', 'name', "''", 'must not be empty')
  const inputShape = parseShape(name, parts.inputShape)
  if (!Number.isInteger(classes) || classes < 2 || classes > maxClasses)
    return refuseDataset(name, 'classes', String(classes), `must be an integer from 2 to ${maxClasses}`)
  const train = parseExamples(name, 'train', parts.train, inputShape, classes)
  const test = parseExamples(name, 'test', parts.test, inputShape, classes)
  if (train.inputs instanceof Uint8Array !== test.inputs instanceof Uint8Array)
    return refuseDataset(
      name,
      'test.inputs',
      test.inputs.constructor.name,
      `must be a ${train.inputs.constructor.name}, as train.inputs is`,
    )
  return { name, inputShape, classes, train, test, warnings }
}

/**
 * A data set of your own from arrays: images or flat vectors, pixels or values, with labels.
 *
 * @returns the data set, which views the arrays given; or `Left(InvalidDataset)` with the field, its value and its rule: shapes, lengths,
 * labels below `classes`, finite floats, one type of number in both splits. One pass over the data.
 * @example
 * const flowers = makeDataset({ name: 'iris', inputShape: [4], classes: 3, train: { inputs: Float32Array.of(5.1, 3.5, 1.4, 0.2), labels: [0] },
 *   test: { inputs: Float32Array.of(6.3, 3.3, 6, 2.5), labels: [2] } })
 */
export const makeDataset = (parts: DatasetParts): E.Either<DataError, Dataset> => {
  try {
    return E.right(datasetOf(parts))
  } catch (error) {
    if (error instanceof DataProblem) return E.left(error.problem)
    throw error
  }
}
