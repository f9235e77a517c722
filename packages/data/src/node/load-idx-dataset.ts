/**
 * Read MNIST or Fashion-MNIST from its four idx files, packed or unpacked.
 */
import { readFile, stat } from 'node:fs/promises'
import { DataProblem } from '../data-problem.ts'
import { allocateBytes, type PixelDataset, type PixelExamples } from '../dataset.ts'
import { parseIdxImages, parseIdxLabels } from '../formats/idx.ts'
import type { PublishedIdx, PublishedIdxSet } from '../published-files.ts'
import { type DataPlaces, ensureCached, findInDataDir } from './data-files.ts'
import { gunzipBounded } from './gunzip.ts'
import { acceptOrRefuse, fingerprintOf } from './verify-bytes.ts'

const size = [28, 28] as const
const classes = 10

interface Unpacked {
  readonly path: string
  readonly bytes: Uint8Array
  readonly warnings: readonly string[]
}

const otherAlgorithm = { md5: 'sha256', sha256: 'md5' } as const

/** One idx file's unpacked bytes, verified. `maxBytes` bounds what is read and what is unpacked. */
const readIdxBytes = async (
  places: DataPlaces,
  published: PublishedIdx,
  maxBytes: number,
): Promise<Unpacked> => {
  const packedName = `${published.file}.gz`
  // Some tools unpack `train-images-idx3-ubyte.gz` to `train-images.idx3-ubyte`.
  const names = [packedName, published.file, published.file.replace('-idx', '.idx')]
  const own = await findInDataDir(places, names)
  const cached =
    own === undefined ? await ensureCached(places, packedName, published.packed, names) : undefined
  const path = own ?? cached?.path ?? packedName
  if ((await stat(path)).size > maxBytes)
    throw new DataProblem({ _tag: 'TooLarge', file: path, limitBytes: maxBytes })
  const bytes = await readFile(path, { signal: places.signal })
  const isPacked = path.endsWith('.gz')
  const warnings: string[] = [...(cached?.warnings ?? [])]
  if (own !== undefined) {
    const expected = isPacked ? published.packed : published.unpacked
    if (expected === undefined)
      warnings.push(
        `${path}: not verified, because no checksum of the unpacked file was published; use ${packedName} to be sure.`,
      )
    else {
      const others = () => [fingerprintOf(bytes, otherAlgorithm[expected.algorithm]).checksum]
      const warning = acceptOrRefuse(
        path,
        expected,
        fingerprintOf(bytes, expected.algorithm),
        places.acceptChecksum,
        others,
      )
      if (warning !== undefined) warnings.push(warning)
    }
  }
  return { path, bytes: isPacked ? await gunzipBounded(path, bytes, maxBytes) : bytes, warnings }
}

interface LoadedSplit {
  readonly examples: PixelExamples
  readonly warnings: readonly string[]
}

const loadSplit = async (
  places: DataPlaces,
  publishedImages: PublishedIdx,
  publishedLabels: PublishedIdx,
  maxCount: number,
): Promise<LoadedSplit> => {
  const pixels = size[0] * size[1]
  const labelsFile = await readIdxBytes(places, publishedLabels, 8 + maxCount)
  const labels = parseIdxLabels(labelsFile.path, labelsFile.bytes, classes, maxCount)
  const imagesFile = await readIdxBytes(places, publishedImages, 16 + maxCount * pixels)
  const parsed = parseIdxImages(imagesFile.path, imagesFile.bytes, size, maxCount)
  if (parsed.count !== labels.length)
    throw new DataProblem({
      _tag: 'CountMismatch',
      imagesFile: imagesFile.path,
      images: parsed.count,
      labelsFile: labelsFile.path,
      labels: labels.length,
    })
  const images = allocateBytes(parsed.images.length)
  images.set(parsed.images)
  return {
    examples: { inputs: images, labels: new Uint8Array(labels), count: parsed.count },
    warnings: [...labelsFile.warnings, ...imagesFile.warnings],
  }
}

/**
 * Read a data set in MNIST's format: 28x28 gray images of 10 classes, at most 60,000 to train and 10,000 to test.
 *
 * @throws DataProblem, file-system errors and the signal's reason; `loadDataset` turns them into a `Left`.
 */
export const loadIdxDataset = async (places: DataPlaces, files: PublishedIdxSet): Promise<PixelDataset> => {
  const train = await loadSplit(places, files.trainImages, files.trainLabels, 60_000)
  const test = await loadSplit(places, files.testImages, files.testLabels, 10_000)
  return {
    name: places.dataset,
    inputShape: [...size, 1],
    classes,
    train: train.examples,
    test: test.examples,
    warnings: [...train.warnings, ...test.warnings],
  }
}
