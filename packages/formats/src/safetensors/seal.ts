/**
 * LaPerm's own convention inside safetensors: a checksum of the file in the file's metadata.
 *
 * It holds for files that say they are LaPerm's: their metadata `format` begins with `laperm-`. They have the key `laperm.sha256`, the
 * SHA-256 of the whole file in which its own 64 digits are zeros. Metadata of other files mean what their writers meant.
 */
import { sha256 as hash } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from '../corrupt-file.ts'

/** The SHA-256 of bytes, given in pieces, as 64 lower-case hexadecimal digits. */
export type Sha256 = (pieces: readonly Uint8Array[]) => string

/** A hash that is fed piece by piece. */
export const startSha256 = (): {
  readonly update: (piece: Uint8Array) => void
  readonly digest: () => string
} => {
  const state = hash.create()
  return { update: (piece) => void state.update(piece), digest: () => bytesToHex(state.digest()) }
}

/** In JavaScript: on pages that did not come by https there is no other. */
export const portableSha256: Sha256 = (pieces) =>
  bytesToHex(pieces.reduce((state, piece) => state.update(piece), hash.create()).digest())

/** The metadata key of the checksum. */
export const sealKey = 'laperm.sha256'
/** Its name in files that were written before it had LaPerm's prefix. */
const oldSealKey = 'sha256'
/** The checksum's place while the checksum is computed. */
export const unsealed = '0'.repeat(64)

type Metadata = Readonly<Record<string, string>>

/** Whether the metadata say that the file is LaPerm's. */
export const isOwn = (metadata: Metadata): boolean => metadata.format?.startsWith('laperm-') ?? false

const sealKeyOf = (metadata: Metadata): string | undefined =>
  sealKey in metadata ? sealKey : isOwn(metadata) && oldSealKey in metadata ? oldSealKey : undefined

/** Where the digits are in the file, -1 when they are not: the header of a file of ours has no space behind its colons. */
const digitsAt = (start: Uint8Array, key: string): number => {
  const marker = new TextEncoder().encode(`"${key}":"`)
  for (let at = 8; at + marker.length + unsealed.length <= start.length; at++)
    if (marker.every((byte, i) => start[at + i] === byte)) return at + marker.length
  return -1
}

const writeDigits = (start: Uint8Array, at: number, digits: string): void => {
  if (at !== -1) start.set(new TextEncoder().encode(digits), at)
}

/** Write the checksum into a file's first piece (length and header), whose digits are zeros. */
export const seal = (sha256: Sha256, pieces: readonly Uint8Array[]): void => {
  const [start] = pieces
  writeDigits(start, digitsAt(start, sealKey), sha256(pieces))
}

const damaged = (path: string, key: string, expected: string, found: string): E.Either<CorruptFile, never> =>
  E.left(
    corruptFile(
      path,
      expected,
      found,
      `The file is damaged; or another program saved it again and kept LaPerm's metadata: then drop the keys 'format' and '${key}' from them.`,
    ),
  )

/** What is to be done to check a file's checksum. */
export interface SealToCheck {
  /** The file's length and header with the checksum's digits replaced by zeros: what was hashed, before the data. */
  readonly start: Uint8Array
  /** The metadata without the checksum, when the hash is the expected one. */
  readonly conclude: (actual: string) => E.Either<CorruptFile, Metadata>
}

/**
 * The check of a file's checksum.
 *
 * @param start the file's length and header; not written.
 * @returns null when the file is another program's, which has none.
 */
export const sealToCheck = (
  path: string,
  start: Uint8Array,
  metadata: Metadata,
): E.Either<CorruptFile, SealToCheck | null> => {
  const key = sealKeyOf(metadata)
  if (key === undefined)
    return isOwn(metadata)
      ? damaged(
          path,
          sealKey,
          `a checksum '${sealKey}', as in every file of format '${metadata.format}'`,
          'none',
        )
      : E.right(null)
  const zeroed = start.slice()
  writeDigits(zeroed, digitsAt(zeroed, key), unsealed)
  return E.right({
    start: zeroed,
    conclude: (actual) => {
      if (actual !== metadata[key]) return damaged(path, key, `sha256 ${metadata[key]}`, actual)
      const rest: Record<string, string> = Object.assign(Object.create(null), metadata)
      delete rest[key]
      return E.right(rest)
    },
  })
}

/**
 * Check the checksum of a file in memory, if it must have one.
 *
 * @param dataStart length of the file's length and header.
 * @returns the metadata without the checksum.
 */
export const checkSeal = (
  sha256: Sha256,
  path: string,
  file: Uint8Array,
  dataStart: number,
  metadata: Metadata,
): E.Either<CorruptFile, Metadata> => {
  const check = sealToCheck(path, file.subarray(0, dataStart), metadata)
  if (E.isLeft(check)) return check
  return check.right === null
    ? E.right(metadata)
    : check.right.conclude(sha256([check.right.start, file.subarray(dataStart)]))
}
