/**
 * A reader of tar streams, for regular files of a few names: no links, no paths are followed, nothing is written.
 *
 * A tar is a row of 512-byte blocks: a header (name, size in octal, checksum), the file's bytes padded to whole blocks, and two zero
 * blocks at the end. What is not a wanted regular file (folders, long-name and pax records) is skipped by its size.
 *
 * @see POSIX.1-2017 pax, "ustar Interchange Format"
 */
import { DataProblem } from '../data-problem.ts'

const blockBytes = 512

/** Where a wanted file's bytes are to go. Throws a {@link DataProblem} when the size cannot be right. */
export type OpenMember = (path: string, sizeBytes: number) => Uint8Array | undefined

const text = (block: Uint8Array, start: number, length: number): string => {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return String.fromCharCode(...field.subarray(0, end < 0 ? length : end))
}

const octal = (block: Uint8Array, start: number, length: number): number => {
  const digits = text(block, start, length).trim()
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
}

interface TarHeader {
  readonly path: string
  readonly sizeBytes: number
  readonly isFile: boolean
}

/** `undefined` for the zero block that ends the archive. */
const parseHeader = (file: string, block: Uint8Array): TarHeader | undefined => {
  let sum = 8 * 32
  for (let i = 0; i < blockBytes; i++) if (i < 148 || i >= 156) sum += block[i]
  if (sum === 8 * 32) return undefined
  const sizeBytes = octal(block, 124, 12)
  if (octal(block, 148, 8) !== sum || !Number.isSafeInteger(sizeBytes))
    throw new DataProblem({ _tag: 'CorruptArchive', file, reason: 'a tar header is damaged' })
  const prefix = text(block, 257, 5) === 'ustar' ? text(block, 345, 155) : ''
  const name = text(block, 0, 100)
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes,
    isFile: block[156] === 0x30 || block[156] === 0,
  }
}

/**
 * Read a tar from pieces of any size.
 *
 * @param file the archive's name, for errors.
 * @param chunks the archive's bytes in order.
 * @param open asked for each regular file; its bytes are copied to what it returns, or skipped for `undefined`.
 * @param limitBytes the whole archive may not be longer.
 * @throws DataProblem with `CorruptArchive` (a damaged header, or an end in the middle of a file) or `TooLarge`.
 */
export const readTar = async (
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  open: OpenMember,
  limitBytes: number,
): Promise<void> => {
  const header = new Uint8Array(blockBytes)
  let headerBytes = 0
  let target: Uint8Array | undefined
  let written = 0
  /** Bytes of the present file still to come, and of its padding. */
  let body = 0
  let padding = 0
  let total = 0
  let ended = false
  for await (const chunk of chunks) {
    total += chunk.length
    if (total > limitBytes) throw new DataProblem({ _tag: 'TooLarge', file, limitBytes })
    let at = 0
    while (at < chunk.length && !ended) {
      if (body > 0) {
        const size = Math.min(body, chunk.length - at)
        target?.set(chunk.subarray(at, at + size), written)
        written += size
        body -= size
        at += size
      } else if (padding > 0) {
        const size = Math.min(padding, chunk.length - at)
        padding -= size
        at += size
      } else {
        const size = Math.min(blockBytes - headerBytes, chunk.length - at)
        header.set(chunk.subarray(at, at + size), headerBytes)
        headerBytes += size
        at += size
        if (headerBytes < blockBytes) continue
        headerBytes = 0
        const member = parseHeader(file, header)
        ended = member === undefined
        if (member === undefined) continue
        body = member.sizeBytes
        padding = (blockBytes - (member.sizeBytes % blockBytes)) % blockBytes
        written = 0
        target = member.isFile ? open(member.path, member.sizeBytes) : undefined
      }
    }
  }
  if (body > 0 || headerBytes > 0)
    throw new DataProblem({ _tag: 'CorruptArchive', file, reason: 'it ends in the middle of a file' })
}
