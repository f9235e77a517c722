/**
 * Length and SHA-256 of the files that a run has left, as its `summary.json` says them: digits that were changed, and a file of another run,
 * are found.
 */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { amount, type FieldRules, isRecord, recordRule, type SettingRule } from '@laperm/core/settings'
import { type CorruptFile, corruptFile } from '@laperm/formats'
import { nodeSha256 } from './node-sha256.ts'

/** What tells a file from every other. */
export interface FileChecksum {
  /** 64 lower-case hexadecimal digits, as `sha256sum` prints them. */
  readonly sha256: string
  readonly sizeBytes: number
}

/** Files of a run's directory by their names. */
export type FileChecksums = Readonly<Record<string, FileChecksum>>

const rules: FieldRules<FileChecksum> = {
  sha256: {
    says: 'a SHA-256',
    holds: (value): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  },
  sizeBytes: amount,
}
const checksum = recordRule('a checksum', rules)

/** Of saved checksums. */
export const fileChecksums: SettingRule<FileChecksums> = {
  says: 'length and SHA-256 of files',
  holds: (value): value is FileChecksums => isRecord(value) && Object.values(value).every(checksum.holds),
}

/** Of bytes that are in memory. */
export const checksumOf = (bytes: Uint8Array): FileChecksum => ({
  sha256: nodeSha256([bytes]),
  sizeBytes: bytes.length,
})

const pieceBytes = 2 ** 20

/** Of a file, of which one piece at a time is in memory. @throws the file system's error. */
export const readChecksum = async (path: string): Promise<FileChecksum> => {
  const file = await open(path, 'r')
  try {
    const hash = createHash('sha256')
    const piece = Buffer.allocUnsafe(pieceBytes)
    let sizeBytes = 0
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, sizeBytes)
      if (bytesRead === 0) return { sha256: hash.digest('hex'), sizeBytes }
      hash.update(piece.subarray(0, bytesRead))
      sizeBytes += bytesRead
    }
  } finally {
    await file.close()
  }
}

const summaryName = 'summary.json'

/**
 * Why a file is not the one that its run has left; null where it is.
 *
 * @param path of the file, named in the error; `files` are those of its directory.
 */
export const unfittingFile = (
  path: string,
  files: FileChecksums,
  found: FileChecksum,
): CorruptFile | null => {
  const name = basename(path)
  const differs = (expected: string, is: string): CorruptFile =>
    corruptFile(path, `${expected}, as ${summaryName} beside it says`, is)
  if (!Object.hasOwn(files, name)) return differs(`no ${name}`, 'one')
  const expected = files[name]
  if (found.sizeBytes !== expected.sizeBytes)
    return differs(`${expected.sizeBytes} bytes`, String(found.sizeBytes))
  return found.sha256 === expected.sha256 ? null : differs(`SHA-256 ${expected.sha256}`, found.sha256)
}
