/**
 * Checksums: are these the published bytes?
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ChecksumMismatch } from '../data-error.ts'
import { DataProblem } from '../data-problem.ts'
import type { PublishedBytes } from '../datasets/dataset-descriptor.ts'
import { recognizeChecksum } from '../datasets/recognize-checksum.ts'

/** Size and checksum of some bytes, in the algorithm that their publisher used. */
export interface Fingerprint {
  readonly sizeBytes: number
  readonly checksum: string
}

export const fingerprintOf = (bytes: Uint8Array, algorithm: PublishedBytes['algorithm']): Fingerprint => ({
  sizeBytes: bytes.length,
  checksum: createHash(algorithm).update(bytes).digest('hex'),
})

/** The same for a file, read in pieces. */
export const fingerprintOfFile = async (
  path: string,
  algorithm: PublishedBytes['algorithm'],
  signal?: AbortSignal,
): Promise<Fingerprint> => {
  const hash = createHash(algorithm)
  let sizeBytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { sizeBytes, checksum: hash.digest('hex') }
}

export const isPublished = (found: Fingerprint, published: PublishedBytes): boolean =>
  found.checksum === published.checksum

export const checksumMismatch = (
  file: string,
  published: PublishedBytes,
  found: Fingerprint,
  acceptable: boolean,
  otherChecksums: readonly string[] = [],
): ChecksumMismatch => ({
  _tag: 'ChecksumMismatch',
  file,
  algorithm: published.algorithm,
  expected: published.checksum,
  found: found.checksum,
  expectedBytes: published.sizeBytes,
  foundBytes: found.sizeBytes,
  acceptable,
  hint: recognizeChecksum([found.checksum, ...otherChecksums]),
})

/**
 * Verify bytes that the user put into a data directory.
 *
 * @param otherChecksums the same bytes in other algorithms, to recognize what they are; only asked for when they are wrong.
 * @returns `undefined` when they are the published ones; a warning when they are not and `acceptChecksum` is set.
 * @throws DataProblem with `ChecksumMismatch` otherwise.
 */
export const acceptOrRefuse = (
  file: string,
  published: PublishedBytes,
  found: Fingerprint,
  acceptChecksum: boolean,
  otherChecksums: () => readonly string[] = () => [],
): string | undefined => {
  if (isPublished(found, published)) return undefined
  if (!acceptChecksum) throw new DataProblem(checksumMismatch(file, published, found, true, otherChecksums()))
  return `${file}: its ${published.algorithm} is ${found.checksum}, not the published ${published.checksum}; accepted as asked, so results may differ from published ones.`
}
