/**
 * What a built-in data set is, as data: its name, its shape, the files that its publishers offer. It does nothing by itself; for each format
 * one loader interprets it, in Node `node/load-dataset.ts`, on pages `formats/idx-files.ts`.
 */
import type { ChecksumAlgorithm } from '../data-error.ts'
import type { ImageShape } from '../dataset.ts'
import type { IdxPart } from '../formats/idx-parts.ts'

/** What a file's bytes must be. */
export interface PublishedBytes {
  readonly sizeBytes: number
  readonly algorithm: ChecksumAlgorithm
  /** Lower-case hexadecimal. */
  readonly checksum: string
}

/** A published file under its own name, without a folder. */
export interface PublishedFile {
  readonly file: string
  readonly bytes: PublishedBytes
}

/** One idx file: packed (`file` and `.gz`) as it is published, and the same unpacked. */
export interface PublishedIdx {
  readonly file: string
  readonly packed: PublishedBytes
  /** Left out where nobody published a checksum of the unpacked file. */
  readonly unpacked?: PublishedBytes
}

/** Mean and standard deviation of `p / 255`, one a channel, over the training set: as others report them, to compare with. */
export interface PixelStatistics {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** What is known of a built-in data set whatever its format. */
export interface DatasetFacts<Name extends string = string> {
  /** As a person types it; also the folder's name in a data directory and in the cache. */
  readonly name: Name
  /** As its publishers write it. */
  readonly title: string
  readonly inputShape: ImageShape
  readonly classes: number
  /** Examples published. A file that holds more is refused. */
  readonly examples: { readonly train: number; readonly test: number }
  readonly pixelStatistics?: PixelStatistics
}

/** Drawn by this package: no files. */
export interface DigitsDescriptor<Name extends string = string> extends DatasetFacts<Name> {
  readonly origin: 'drawn'
  readonly format: 'digits'
}

/** What is downloaded. */
interface Published {
  readonly origin: 'published'
  /** Folders to download from, tried in order; each ends with `/`. */
  readonly mirrors: readonly string[]
}

/** Four idx files of unsigned bytes, as MNIST's. */
export interface IdxDescriptor<Name extends string = string> extends DatasetFacts<Name>, Published {
  readonly format: 'idx'
  readonly inputShape: readonly [number, number, 1]
  readonly files: Readonly<Record<IdxPart, PublishedIdx>>
}

/** A .tar.gz with a folder of batches: records of a label byte and a plane of red, of green and of blue. */
export interface CifarDescriptor<Name extends string = string> extends DatasetFacts<Name>, Published {
  readonly format: 'cifar-binary'
  readonly inputShape: readonly [number, number, 3]
  readonly archive: PublishedFile
  /** In the archive; unpacked too. */
  readonly folder: string
  readonly trainBatches: readonly PublishedFile[]
  readonly testBatch: PublishedFile
  /** Records in a batch, at most. */
  readonly batchExamples: number
}

/** Any built-in data set. */
export type DatasetDescriptor<Name extends string = string> =
  | DigitsDescriptor<Name>
  | IdxDescriptor<Name>
  | CifarDescriptor<Name>

/** {@link PublishedBytes} whose sha256 is known. */
export const sha256 = (sizeBytes: number, checksum: string): PublishedBytes => ({
  sizeBytes,
  algorithm: 'sha256',
  checksum,
})

/** {@link PublishedBytes} of which only the publisher's md5 is known: it finds damage, it does not keep out an attacker. */
export const md5 = (sizeBytes: number, checksum: string): PublishedBytes => ({
  sizeBytes,
  algorithm: 'md5',
  checksum,
})
