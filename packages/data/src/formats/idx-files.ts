/**
 * MNIST and its relatives from files that somebody hands over, as a browser does: bytes and names, no folder, no network, no checksum.
 *
 * What a file is comes from its name and its first bytes together; both must agree, so that no wrong file passes for a right one.
 */
import { either as E, type taskEither as TE } from 'fp-ts'
import type { DataError } from '../data-error.ts'
import { DataProblem } from '../data-problem.ts'
import { allocateBytes, type PixelDataset, type PixelExamples } from '../dataset.ts'
import { gunzipStream, isGzip } from './gunzip-stream.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'

const size = [28, 28] as const
const classes = 10
const maxCounts = { train: 60_000, test: 10_000 } as const

/** The four files of a data set in MNIST's format. */
export const idxParts = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const
/** One of {@link idxParts}. */
export type IdxPart = (typeof idxParts)[number]

/** One part, unpacked and checked: images `[count, 28, 28]` in 0..255 or labels below 10. */
export interface IdxFile {
  readonly part: IdxPart
  /** The file's own name. */
  readonly file: string
  readonly bytes: Uint8Array
  readonly count: number
}

/**
 * Which part a file's name says it is: `train-images-idx3-ubyte.gz`, `t10k-labels.idx1-ubyte`, `test_images`, ...
 *
 * @returns undefined where the name does not say both whether images or labels and whether to train or to test.
 */
export const idxPartOf = (file: string): IdxPart | undefined => {
  const name = file.toLowerCase().replace(/^.*[/\\]/, '')
  const split = /t10k|test/.test(name) ? 'test' : /train/.test(name) ? 'train' : undefined
  const kind = /image/.test(name) ? 'Images' : /label/.test(name) ? 'Labels' : undefined
  return split === undefined || kind === undefined ? undefined : `${split}${kind}`
}

const task =
  <A>(work: () => Promise<A>): TE.TaskEither<DataError, A> =>
  async () => {
    try {
      return E.right(await work())
    } catch (error) {
      if (error instanceof DataProblem) return E.left(error.problem)
      throw error
    }
  }

/**
 * Read one file, packed (gzip) or unpacked.
 *
 * @param bytes not kept and not written.
 * @returns `Left` with `BadHeader` (the name says no part), `BadMagic`, `WrongLength`, `CorruptArchive`, `TooLarge` or `LabelOutOfRange`.
 */
export const readIdxFile = (file: string, bytes: Uint8Array): TE.TaskEither<DataError, IdxFile> =>
  task(async () => {
    const part = idxPartOf(file)
    if (part === undefined)
      throw new DataProblem({
        _tag: 'BadHeader',
        file,
        field: 'the name of the file',
        rule: "must say 'train' or 't10k' and 'images' or 'labels', as train-images-idx3-ubyte.gz does",
        found: file,
      })
    const isTrain = part.startsWith('train')
    const maxCount = isTrain ? maxCounts.train : maxCounts.test
    const isImages = part.endsWith('Images')
    const limitBytes = isImages ? 16 + maxCount * size[0] * size[1] : 8 + maxCount
    if (bytes.length > limitBytes) throw new DataProblem({ _tag: 'TooLarge', file, limitBytes })
    const unpacked = isGzip(bytes) ? await gunzipStream(file, bytes, limitBytes) : bytes
    if (isImages) {
      const { images, count } = parseIdxImages(file, unpacked, size, maxCount)
      const own = allocateBytes(images.length)
      own.set(images)
      return { part, file, bytes: own, count }
    }
    const labels = parseIdxLabels(file, unpacked, classes, maxCount)
    return { part, file, bytes: Uint8Array.from(labels), count: labels.length }
  })

const examplesOf = (images: IdxFile, labels: IdxFile): PixelExamples => {
  if (images.count !== labels.count)
    throw new DataProblem({
      _tag: 'CountMismatch',
      imagesFile: images.file,
      images: images.count,
      labelsFile: labels.file,
      labels: labels.count,
    })
  return { inputs: images.bytes, labels: labels.bytes, count: images.count }
}

/**
 * The data set of four files.
 *
 * @param name what to call it.
 * @param files nothing is copied.
 * @returns `Left(CountMismatch)` when images and labels of a split are not equally many. Its one warning says that no checksum was checked.
 */
export const datasetOfIdxFiles = (
  name: string,
  files: Readonly<Record<IdxPart, IdxFile>>,
): E.Either<DataError, PixelDataset> => {
  try {
    return E.right({
      name,
      inputShape: [...size, 1],
      classes,
      train: examplesOf(files.trainImages, files.trainLabels),
      test: examplesOf(files.testImages, files.testLabels),
      warnings: [`${name}: read from files that you gave; no checksum was checked.`],
    })
  } catch (error) {
    if (error instanceof DataProblem) return E.left(error.problem)
    throw error
  }
}
