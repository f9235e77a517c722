/**
 * MNIST and its relatives from files that somebody hands over, as a browser does: bytes and names, no folder, no network, no checksum.
 *
 * What a file is comes from its name and its first bytes together; both must agree, so that no wrong file passes for a right one.
 */
import { either as E, type taskEither as TE } from 'fp-ts'
import type { DataError } from '../data-error.ts'
import { DataProblem } from '../data-problem.ts'
import { allocateBytes, inputSizeOf, type PixelDataset, type PixelExamples } from '../dataset.ts'
import type { IdxDescriptor } from '../datasets/dataset-descriptor.ts'
import { mnist } from '../datasets/mnist.ts'
import { refuseDataset } from '../make-dataset.ts'
import { gunzipStream, isGzip } from './gunzip-stream.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'
import { type IdxPart, idxPartOf, idxParts } from './idx-parts.ts'

/** One part, unpacked and checked: images `[count, height, width]` in 0..255 or labels below the number of classes. */
export interface IdxFile {
  readonly part: IdxPart
  /** The file's own name. */
  readonly file: string
  readonly bytes: Uint8Array
  readonly count: number
  /** The data set that it was read as. */
  readonly like: IdxDescriptor
}

/** The most examples that a part may hold. */
const mostExamplesOf = (part: IdxPart, { examples }: IdxDescriptor): number =>
  part.startsWith('train') ? examples.train : examples.test

/** The most bytes that a part may have unpacked: header and examples. */
export const mostIdxBytes = (part: IdxPart, like: IdxDescriptor): number => {
  const count = mostExamplesOf(part, like)
  return part.endsWith('Images') ? 16 + count * inputSizeOf(like.inputShape) : 8 + count
}

/**
 * Parse an unpacked file. Its bytes are copied: images into memory that workers can share.
 *
 * @throws DataProblem with `BadMagic`, `BadHeader`, `WrongLength` or `LabelOutOfRange`.
 */
export const parseIdxFile = (
  part: IdxPart,
  file: string,
  unpacked: Uint8Array,
  like: IdxDescriptor,
): IdxFile => {
  const maxCount = mostExamplesOf(part, like)
  if (part.endsWith('Images')) {
    const [height, width] = like.inputShape
    const { images, count } = parseIdxImages(file, unpacked, [height, width], maxCount)
    const bytes = allocateBytes(images.length)
    bytes.set(images)
    return { part, file, bytes, count, like }
  }
  const labels = parseIdxLabels(file, unpacked, like.classes, maxCount)
  return { part, file, bytes: Uint8Array.from(labels), count: labels.length, like }
}

/** Images with their labels. @throws DataProblem with `CountMismatch`. */
export const examplesOfIdx = (images: IdxFile, labels: IdxFile): PixelExamples => {
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
 * Read one file, packed (gzip) or unpacked.
 *
 * @param bytes not kept and not written.
 * @param like the built-in data set whose image size, classes and number of examples it must have.
 * @returns `Left` with `BadHeader` (the name says no part), `BadMagic`, `WrongLength`, `CorruptArchive`, `TooLarge` or `LabelOutOfRange`.
 */
export const readIdxFile =
  (file: string, bytes: Uint8Array, like: IdxDescriptor = mnist): TE.TaskEither<DataError, IdxFile> =>
  async () => {
    try {
      const part = idxPartOf(file)
      if (part === undefined)
        throw new DataProblem({
          _tag: 'BadHeader',
          file,
          field: 'the name of the file',
          rule: "must say 'train' or 't10k' and 'images' or 'labels', as train-images-idx3-ubyte.gz does",
          found: file,
        })
      const limitBytes = mostIdxBytes(part, like)
      if (bytes.length > limitBytes) throw new DataProblem({ _tag: 'TooLarge', file, limitBytes })
      const unpacked = isGzip(bytes) ? await gunzipStream(file, bytes, limitBytes) : bytes
      return E.right(parseIdxFile(part, file, unpacked, like))
    } catch (error) {
      if (error instanceof DataProblem) return E.left(error.problem)
      throw error
    }
  }

/**
 * The data set of four files.
 *
 * @param name what to call it.
 * @param files nothing is copied; all must have been read as the same data set.
 * @returns `Left(CountMismatch)` when images and labels of a split are not equally many, `Left(InvalidDataset)` when the files were read as
 * different data sets. Its one warning says that no checksum was checked.
 */
export const datasetOfIdxFiles = (
  name: string,
  files: Readonly<Record<IdxPart, IdxFile>>,
): E.Either<DataError, PixelDataset> => {
  const { like } = files.trainImages
  try {
    for (const part of idxParts)
      if (files[part].like !== like)
        refuseDataset(
          name,
          files[part].file,
          `read as ${files[part].like.title}`,
          `must be read as ${like.title}, as ${files.trainImages.file} is`,
        )
    return E.right({
      name,
      inputShape: like.inputShape,
      classes: like.classes,
      train: examplesOfIdx(files.trainImages, files.trainLabels),
      test: examplesOfIdx(files.testImages, files.testLabels),
      warnings: [`${name}: read from files that you gave; no checksum was checked.`],
    })
  } catch (error) {
    if (error instanceof DataProblem) return E.left(error.problem)
    throw error
  }
}
