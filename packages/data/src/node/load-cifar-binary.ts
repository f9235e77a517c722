/**
 * Read a data set in CIFAR-10's binary format from its published archive or from the unpacked folder.
 */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DataProblem } from '../data-problem.ts'
import type { PixelDataset } from '../dataset.ts'
import type { CifarDescriptor, PublishedFile } from '../datasets/dataset-descriptor.ts'
import {
  type CifarBatch,
  cifarRecordBytes,
  parseCifarBatches,
  requireCifarBatchSize,
} from '../formats/cifar.ts'
import { readTar } from '../formats/tar.ts'
import { refuseDataset } from '../make-dataset.ts'
import { type DataPlaces, ensureCached, findInDataDir } from './data-files.ts'
import { gunzippedFile } from './gunzip.ts'
import { acceptOrRefuse, fingerprintOf, fingerprintOfFile } from './verify-bytes.ts'
import { whileUnchanged } from './while-unchanged.ts'

/** The batches in the order of their examples, the test batch last. */
const batchesOf = ({ trainBatches, testBatch }: CifarDescriptor): readonly PublishedFile[] => [
  ...trainBatches,
  testBatch,
]

/** The batches of a folder, in order. */
const readFolder = async (
  folder: string,
  dataset: CifarDescriptor,
  signal: AbortSignal | undefined,
): Promise<CifarBatch[]> => {
  const batches: CifarBatch[] = []
  for (const { file } of batchesOf(dataset)) {
    const path = join(folder, file)
    const found = await stat(path)
    if (!found.isFile())
      refuseDataset(path, 'it', 'no regular file', `must be one of the batches of ${dataset.title}`)
    requireCifarBatchSize(path, found.size, dataset)
    batches.push({ file: path, bytes: await whileUnchanged(path, () => readFile(path, { signal })) })
  }
  return batches
}

/** The batches of an archive, in order; unpacked as a stream, nothing is written to disk. */
const readArchive = async (
  path: string,
  dataset: CifarDescriptor,
  signal: AbortSignal | undefined,
): Promise<CifarBatch[]> => {
  const { folder } = dataset
  const batches = batchesOf(dataset)
  // Room for one batch more: that is what the small files beside them may take.
  const maxBytes = (batches.length + 1) * dataset.batchExamples * cifarRecordBytes(dataset)
  const found = new Map<string, Uint8Array>()
  const member = (file: string): string => `${path}: ${folder}/${file}`
  const open = (name: string, sizeBytes: number): Uint8Array | undefined => {
    const batch = batches.find(({ file }) => name.replace(/^\.\//, '') === `${folder}/${file}`)
    if (batch === undefined) return undefined
    requireCifarBatchSize(member(batch.file), sizeBytes, dataset)
    const bytes = new Uint8Array(sizeBytes)
    found.set(batch.file, bytes)
    return bytes
  }
  await readTar(path, gunzippedFile(path, signal), open, maxBytes)
  return batches.map(({ file }) => {
    const bytes = found.get(file)
    if (bytes === undefined)
      throw new DataProblem({
        _tag: 'CorruptArchive',
        file: path,
        reason: `${folder}/${file} is not in it`,
      })
    return { file: member(file), bytes }
  })
}

/** Verify each batch by itself. */
const verifyBatches = (
  batches: readonly CifarBatch[],
  dataset: CifarDescriptor,
  acceptChecksum: boolean,
): readonly string[] =>
  batches.flatMap(({ file, bytes }, index) => {
    const published = batchesOf(dataset)[index].bytes
    return acceptOrRefuse(file, published, fingerprintOf(bytes, published.algorithm), acceptChecksum) ?? []
  })

interface FoundBatches {
  readonly batches: readonly CifarBatch[]
  readonly warnings: readonly string[]
}

const findBatches = async (places: DataPlaces, dataset: CifarDescriptor): Promise<FoundBatches> => {
  const { acceptChecksum, signal } = places
  const { archive, folder } = dataset
  const testBatch = await findInDataDir(
    places,
    [folder, '.'].map((place) => join(place, dataset.testBatch.file)),
  )
  if (testBatch !== undefined) {
    const batches = await readFolder(dirname(testBatch), dataset, signal)
    return { batches, warnings: verifyBatches(batches, dataset, acceptChecksum) }
  }
  const own = await findInDataDir(places, [archive.file])
  if (own === undefined) {
    const { path, warnings } = await ensureCached(places, archive.file, archive.bytes, [archive.file, folder])
    return { batches: await whileUnchanged(path, () => readArchive(path, dataset, signal)), warnings }
  }
  const { warning, batches } = await whileUnchanged(own, async () => {
    const found = await fingerprintOfFile(own, archive.bytes.algorithm, signal)
    return {
      warning: acceptOrRefuse(own, archive.bytes, found, acceptChecksum),
      batches: await readArchive(own, dataset, signal),
    }
  })
  // An accepted archive may still hold published batches: say precisely which are not.
  return warning === undefined
    ? { batches, warnings: [] }
    : { batches, warnings: [warning, ...verifyBatches(batches, dataset, true)] }
}

/**
 * Read a data set in CIFAR-10's binary format from the places where its files may be.
 *
 * @throws DataProblem, file-system errors and the signal's reason; `loadDataset` turns them into a `Left`.
 */
export const loadCifarBinary = async (
  places: DataPlaces,
  dataset: CifarDescriptor,
): Promise<PixelDataset> => {
  const { batches, warnings } = await findBatches(places, dataset)
  const { name, inputShape, classes } = dataset
  return {
    name,
    inputShape,
    classes,
    train: parseCifarBatches(batches.slice(0, -1), dataset),
    test: parseCifarBatches(batches.slice(-1), dataset),
    warnings,
  }
}
