/** The data sets that this worker has: digits, and the files that the visitor gave. */
import {
  type Dataset,
  datasetOfIdxFiles,
  type IdxFile,
  type IdxPart,
  idxParts,
  makeNormalizer,
  type Normalizer,
  readIdxFile,
  renderDataError,
} from '@laperm/data'
import { either as E } from 'fp-ts'
import type { GivenFile } from '../messages/requests.ts'
import { filesTitle } from '../settings/experiments.ts'
import type { RunSettings } from '../settings/run-settings.ts'

/** A data set with its normalizer. */
export interface Shelved {
  readonly dataset: Dataset
  readonly normalizer: Normalizer
}

export interface DataShelf {
  /** @returns `Left` with what is still missing. */
  readonly take: (settings: Pick<RunSettings, 'data' | 'inputs'>) => Promise<E.Either<string, Shelved>>
  /** One of the test images of a digit, another each time; null where there is none. */
  readonly sample: (
    settings: Pick<RunSettings, 'data'>,
    digit: number,
  ) => Promise<Float32Array<ArrayBuffer> | null>
  /** Read files and keep the good ones. @returns what was wrong with the others, in words. */
  readonly give: (files: readonly GivenFile[]) => Promise<readonly string[]>
  /** The parts that are there by file name, those that are not, and the data set in words where it is complete. */
  readonly contents: () => {
    readonly present: readonly string[]
    readonly missing: readonly string[]
    readonly summary: string
  }
}

const partTitles: Readonly<Record<IdxPart, string>> = {
  trainImages: 'training images (train-images-idx3-ubyte)',
  trainLabels: 'training labels (train-labels-idx1-ubyte)',
  testImages: 'test images (t10k-images-idx3-ubyte)',
  testLabels: 'test labels (t10k-labels-idx1-ubyte)',
}

/** @param digits the built-in ones, which may still be drawn. */
export const makeDataShelf = (digits: Promise<Dataset>): DataShelf => {
  let given: Partial<Record<IdxPart, IdxFile>> = {}
  let fromFiles: Dataset | undefined
  const missingParts = (): readonly IdxPart[] => idxParts.filter((part) => given[part] === undefined)

  const give: DataShelf['give'] = async (files) => {
    const problems: string[] = []
    const next = { ...given }
    for (const { name, bytes } of files) {
      const read = await readIdxFile(name, bytes)()
      if (E.isLeft(read)) problems.push(renderDataError(read.left))
      else next[read.right.part] = read.right
    }
    const { trainImages, trainLabels, testImages, testLabels } = next
    if (trainImages && trainLabels && testImages && testLabels) {
      const made = datasetOfIdxFiles(filesTitle, { trainImages, trainLabels, testImages, testLabels })
      // What was complete before stays in use.
      if (E.isLeft(made)) return [...problems, renderDataError(made.left)]
      fromFiles = made.right
    }
    given = next
    return problems
  }

  const datasetOf = async ({ data }: Pick<RunSettings, 'data'>): Promise<Dataset | undefined> =>
    data === 'files' ? fromFiles : digits
  let sampled = 0

  return {
    sample: async (settings, digit) => {
      const { inputs, labels } = ((await datasetOf(settings)) ?? (await digits)).test
      const places = [...labels.keys()].filter((place) => labels[place] === digit)
      if (places.length === 0) return null
      const place = places[sampled++ % places.length]
      const size = inputs.length / labels.length
      return Float32Array.from(inputs.subarray(place * size, (place + 1) * size), (ink) => ink / 255)
    },
    take: async ({ data, inputs }) => {
      const dataset = await datasetOf({ data })
      if (dataset === undefined)
        return E.left(
          `This run trains on MNIST files, and these are not here yet: ${missingParts()
            .map((part) => partTitles[part])
            .join(', ')}. Drop them on the page, or choose the built-in digits.`,
        )
      return E.right({ dataset, normalizer: makeNormalizer(inputs, dataset.train, dataset.inputShape) })
    },
    give,
    contents: () => ({
      present: idxParts.flatMap((part) => given[part]?.file ?? []),
      missing: missingParts().map((part) => partTitles[part]),
      summary:
        fromFiles === undefined
          ? ''
          : `${fromFiles.train.count.toLocaleString('en')} images to train, ${fromFiles.test.count.toLocaleString('en')} to test`,
    }),
  }
}
