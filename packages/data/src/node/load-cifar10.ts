/**
 * Read CIFAR-10 from its official archive or from the unpacked folder.
 */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DataProblem } from '../data-problem.ts'
import type { PixelDataset } from '../dataset.ts'
import {
  type CifarBatch,
  cifarBatchExamples,
  cifarClasses,
  cifarRecordBytes,
  cifarShape,
  parseCifarBatches,
  requireCifarBatchSize,
} from '../formats/cifar.ts'
import { readTar } from '../formats/tar.ts'
import { refuseDataset } from '../make-dataset.ts'
import { cifar10Files, type PublishedBytes } from '../published-files.ts'
import { type DataPlaces, ensureCached, findInDataDir } from './data-files.ts'
import { gunzippedFile } from './gunzip.ts'
import { acceptOrRefuse, fingerprintOf, fingerprintOfFile } from './verify-bytes.ts'

interface PublishedBatch {
  readonly file: string
  readonly published: PublishedBytes
}

const publishedBatches: readonly PublishedBatch[] = [...cifar10Files.trainBatches, cifar10Files.testBatch]
const maxBatchBytes = cifarBatchExamples * cifarRecordBytes
/** Six batches, and room for the small files beside them. */
const maxArchiveBytes = 7 * maxBatchBytes

const folderNames = [cifar10Files.folder, '.'].map((folder) => join(folder, cifar10Files.testBatch.file))

/** The six batches of a folder, in order. */
const readFolder = async (folder: string, signal: AbortSignal | undefined): Promise<CifarBatch[]> => {
  const batches: CifarBatch[] = []
  for (const { file } of publishedBatches) {
    const path = join(folder, file)
    const found = await stat(path)
    if (!found.isFile())
      refuseDataset(path, 'it', 'no regular file', 'must be one of the batches of CIFAR-10')
    requireCifarBatchSize(path, found.size)
    batches.push({ file: path, bytes: await readFile(path, { signal }) })
  }
  return batches
}

/** The six batches of an archive, in order; unpacked as a stream, nothing is written to disk. */
const readArchive = async (path: string, signal: AbortSignal | undefined): Promise<CifarBatch[]> => {
  const found = new Map<string, Uint8Array>()
  const member = (file: string): string => `${path}: ${cifar10Files.folder}/${file}`
  const open = (name: string, sizeBytes: number): Uint8Array | undefined => {
    const batch = publishedBatches.find(
      ({ file }) => name.replace(/^\.\//, '') === `${cifar10Files.folder}/${file}`,
    )
    if (batch === undefined) return undefined
    requireCifarBatchSize(member(batch.file), sizeBytes)
    const bytes = new Uint8Array(sizeBytes)
    found.set(batch.file, bytes)
    return bytes
  }
  await readTar(path, gunzippedFile(path, signal), open, maxArchiveBytes)
  return publishedBatches.map(({ file }) => {
    const bytes = found.get(file)
    if (bytes === undefined)
      throw new DataProblem({
        _tag: 'CorruptArchive',
        file: path,
        reason: `${cifar10Files.folder}/${file} is not in it`,
      })
    return { file: member(file), bytes }
  })
}

/** Verify each batch by itself. */
const verifyBatches = (batches: readonly CifarBatch[], acceptChecksum: boolean): readonly string[] =>
  batches.flatMap(({ file, bytes }, index) => {
    const { published } = publishedBatches[index]
    return acceptOrRefuse(file, published, fingerprintOf(bytes, published.algorithm), acceptChecksum) ?? []
  })

interface FoundBatches {
  readonly batches: readonly CifarBatch[]
  readonly warnings: readonly string[]
}

const findBatches = async (places: DataPlaces): Promise<FoundBatches> => {
  const { acceptChecksum, signal } = places
  const testBatch = await findInDataDir(places, folderNames)
  if (testBatch !== undefined) {
    const batches = await readFolder(dirname(testBatch), signal)
    return { batches, warnings: verifyBatches(batches, acceptChecksum) }
  }
  const own = await findInDataDir(places, [cifar10Files.file])
  if (own === undefined) {
    const { path, warnings } = await ensureCached(places, cifar10Files.file, cifar10Files.archive, [
      cifar10Files.file,
      cifar10Files.folder,
    ])
    return { batches: await readArchive(path, signal), warnings }
  }
  const found = await fingerprintOfFile(own, cifar10Files.archive.algorithm, signal)
  const warning = acceptOrRefuse(own, cifar10Files.archive, found, acceptChecksum)
  const batches = await readArchive(own, signal)
  // An accepted archive may still hold published batches: say precisely which are not.
  return warning === undefined
    ? { batches, warnings: [] }
    : { batches, warnings: [warning, ...verifyBatches(batches, true)] }
}

/**
 * Read CIFAR-10: 32x32 colour images of 10 classes, at most 50,000 to train and 10,000 to test.
 *
 * @throws DataProblem, file-system errors and the signal's reason; `loadDataset` turns them into a `Left`.
 */
export const loadCifar10 = async (places: DataPlaces): Promise<PixelDataset> => {
  const { batches, warnings } = await findBatches(places)
  return {
    name: places.dataset,
    inputShape: cifarShape,
    classes: cifarClasses,
    train: parseCifarBatches(batches.slice(0, -1)),
    test: parseCifarBatches(batches.slice(-1)),
    warnings,
  }
}
