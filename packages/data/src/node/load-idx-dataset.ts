/**
 * Read a data set in MNIST's format from its four idx files, packed or unpacked.
 */
import { readFile, stat } from 'node:fs/promises'
import { DataProblem } from '../data-problem.ts'
import type { PixelDataset } from '../dataset.ts'
import type { IdxDescriptor, PublishedIdx } from '../datasets/dataset-descriptor.ts'
import { examplesOfIdx, type IdxFile, mostIdxBytes, parseIdxFile } from '../formats/idx-files.ts'
import type { IdxPart } from '../formats/idx-parts.ts'
import { type DataPlaces, ensureCached, findInDataDir } from './data-files.ts'
import { gunzipBounded } from './gunzip.ts'
import { acceptOrRefuse, fingerprintOf } from './verify-bytes.ts'
import { whileUnchanged } from './while-unchanged.ts'

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
  const bytes = await whileUnchanged(path, async () => {
    if ((await stat(path)).size > maxBytes)
      throw new DataProblem({ _tag: 'TooLarge', file: path, limitBytes: maxBytes })
    return readFile(path, { signal: places.signal })
  })
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

/**
 * Read a data set in MNIST's format from the places where its files may be.
 *
 * @throws DataProblem, file-system errors and the signal's reason; `loadDataset` turns them into a `Left`.
 */
export const loadIdxDataset = async (places: DataPlaces, dataset: IdxDescriptor): Promise<PixelDataset> => {
  const warnings: string[] = []
  const read = async (part: IdxPart): Promise<IdxFile> => {
    const unpacked = await readIdxBytes(places, dataset.files[part], mostIdxBytes(part, dataset))
    warnings.push(...unpacked.warnings)
    return parseIdxFile(part, unpacked.path, unpacked.bytes, dataset)
  }
  // Labels first: they are small, and what keeps a data set from being loaded is mostly found at its first file.
  const trainLabels = await read('trainLabels')
  const train = examplesOfIdx(await read('trainImages'), trainLabels)
  const testLabels = await read('testLabels')
  const test = examplesOfIdx(await read('testImages'), testLabels)
  const { name, inputShape, classes } = dataset
  return { name, inputShape, classes, train, test, warnings }
}
