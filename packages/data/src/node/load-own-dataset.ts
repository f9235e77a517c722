/**
 * A data set of somebody's own, from a folder or a .npz file. Node only: it reads files; nothing is downloaded, written or cached.
 */
import { basename, resolve } from 'node:path'
import type { taskEither as TE } from 'fp-ts'
import type { DataError } from '../data-error.ts'
import { DataProblem } from '../data-problem.ts'
import type { Dataset } from '../dataset.ts'
import type { IdxPart } from '../formats/idx-parts.ts'
import { inputsOfArray, labelsOfArray, type NumberArray } from '../formats/number-array.ts'
import { datasetOf, maxClasses, refuseDataset } from '../make-dataset.ts'
import { dataTask } from './data-task.ts'
import { readOwnFiles } from './read-own-files.ts'

/** What {@link loadOwnDataset} need not find out by itself. */
export interface OwnDatasetOptions {
  /** Default: the name of the folder, or of the .npz without its ending. */
  readonly name?: string | undefined
  /** Default: one more than the largest label of both splits, at least 2. */
  readonly classes?: number | undefined
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined
}

/** `[n, h, w]` and `[n, h, w, c]` are images, `[n, d]` vectors. */
const inputShapeOf = ({ file, shape }: NumberArray): readonly number[] => {
  const [, ...axes] = shape
  if (axes.length === 2) return [...axes, 1]
  if (axes.length === 1 || axes.length === 3) return axes
  return refuseDataset(
    file,
    'the shape',
    `[${shape.join(', ')}]`,
    'must be [n, height, width] or [n, height, width, channels] (images), or [n, length] (vectors)',
  )
}

/** Class numbers of a file: the first that is none is named, so that one stray label does not pass for 256 classes. */
const classNumbersOf = (array: NumberArray, classes: number): Float64Array => {
  const labels = labelsOfArray(array)
  const at = labels.findIndex((label) => label < 0 || label >= classes)
  return at < 0
    ? labels
    : refuseDataset(
        array.file,
        `labels[${at}]`,
        String(labels[at]),
        classes === maxClasses
          ? `must be an integer from 0 to ${classes - 1}, since a data set has at most ${classes} classes`
          : `must be an integer from 0 to ${classes - 1}, since there are ${classes} classes`,
      )
}

const largest = (labels: Float64Array): number => labels.reduce((most, label) => Math.max(most, label), 1)

const partOf: Readonly<Record<string, IdxPart>> = {
  'train.inputs': 'trainImages',
  'train.labels': 'trainLabels',
  'test.inputs': 'testImages',
  'test.labels': 'testLabels',
}

/** The same problem, named by the file that it is in: `train.labels[3]` of the data set is `labels[3]` of y_train.npy. */
const inItsFile = (error: unknown, fileOf: (part: IdxPart) => string): unknown => {
  if (!(error instanceof DataProblem) || error.problem._tag !== 'InvalidDataset') return error
  const { problem } = error
  const [whole, split, rest] = /^(train|test)\.(.*)$/s.exec(problem.field) ?? []
  const part = partOf[/^(train|test)\.(inputs|labels)/.exec(problem.field)?.[0] ?? '']
  return whole === undefined || split === undefined || part === undefined
    ? error
    : new DataProblem({ ...problem, dataset: fileOf(part), field: rest })
}

const load = async (path: string, { name, classes, signal }: OwnDatasetOptions): Promise<Dataset> => {
  const arrays = await readOwnFiles(path, signal)
  const { trainImages, testImages } = arrays
  const inputShape = inputShapeOf(trainImages)
  const testShape = inputShapeOf(testImages)
  if (testShape.join() !== inputShape.join())
    refuseDataset(
      testImages.file,
      'the shape of one input',
      `[${testShape.join(', ')}]`,
      `must be [${inputShape.join(', ')}], as in ${trainImages.file}`,
    )
  const trainLabels = classNumbersOf(arrays.trainLabels, classes ?? maxClasses)
  const testLabels = classNumbersOf(arrays.testLabels, classes ?? maxClasses)
  try {
    return datasetOf({
      name: name ?? basename(resolve(path)).replace(/\.npz$/, ''),
      inputShape,
      classes: classes ?? Math.max(largest(trainLabels), largest(testLabels)) + 1,
      train: { inputs: inputsOfArray(trainImages), labels: trainLabels },
      test: { inputs: inputsOfArray(testImages), labels: testLabels },
    })
  } catch (error) {
    throw inItsFile(error, (part) => arrays[part].file)
  }
}

/**
 * Load a data set of your own.
 *
 * @param path a folder with `x_train.npy`, `y_train.npy`, `x_test.npy` and `y_test.npy`; or with one .npz that holds these keys (as Keras's
 * mnist.npz does); or with idx files `train-images`, `train-labels`, `test-images` and `test-labels` under these or MNIST's names, packed
 * (.gz) or not; or the path of a .npz itself. Inputs are `[n, height, width]` or `[n, height, width, channels]` (images) or `[n, length]`
 * (vectors), of uint8 (pixels), float32 or float64 (rounded to float32); labels are integers from 0, `[n]` or `[n, 1]`. There must be a test
 * split: none is cut off the training examples, so that a result can be compared.
 * @returns a task; running it gives the data set, or a {@link DataError} that `renderDataError` puts into words: which file, which field,
 * its value, its rule. Nothing is written.
 * @example
 * const flowers = await loadOwnDataset('path/to/flowers')() // Either<DataError, Dataset>; flowers.right.name is 'flowers'
 */
export const loadOwnDataset = (
  path: string,
  options: OwnDatasetOptions = {},
): TE.TaskEither<DataError, Dataset> => dataTask(path, options.signal, () => load(path, options))
