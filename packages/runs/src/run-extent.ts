/** How large the files of a directory are, and when one of them was last written. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { FileChecksums } from './file-checksum.ts'
import { runFiles } from './run-directory.ts'

/** The files of a directory. */
export interface Extent {
  /** Of each regular file, by its name. */
  readonly sizes: ReadonlyMap<string, number>
  readonly sizeBytes: number
  /** ISO 8601; null where there is no file. */
  readonly changedAt: string | null
}

/** Without threads: a file system has what it tells here at hand once it has listed the directory. */
export const extentOf = (directory: string, names: readonly string[]): Extent => {
  const sizes = new Map<string, number>()
  let sizeBytes = 0
  let newest = 0
  for (const name of names) {
    const file = lstatSync(join(directory, name), { throwIfNoEntry: false })
    if (file?.isFile() !== true) continue
    sizes.set(name, file.size)
    sizeBytes += file.size
    newest = Math.max(newest, file.mtimeMs)
  }
  return { sizes, sizeBytes, changedAt: newest === 0 ? null : new Date(newest).toISOString() }
}

/**
 * The first file that has another length than its run has left it with, to complete "it ..."; null where none has.
 *
 * Weights may be missing: a run that was fetched to look at has none.
 */
export const wrongLength = (sizes: Extent['sizes'], files: FileChecksums = {}): string | null => {
  for (const [name, { sizeBytes }] of Object.entries(files)) {
    const found = sizes.get(name)
    if (found === undefined && name === runFiles.metrics) return `${name} is missing`
    if (found !== undefined && found !== sizeBytes)
      return `${name} has ${found} bytes, and the run has left ${sizeBytes}`
  }
  return null
}
