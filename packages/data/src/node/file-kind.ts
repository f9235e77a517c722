/** What lies at a path, in words, for errors about what is no regular file. */
import type { Stats } from 'node:fs'
import { lstat, readlink, stat } from 'node:fs/promises'
import { systemRefusal } from './system-refusal.ts'

/** `a pipe`, `a folder`; `a file` for a regular one. */
export const kindOf = (found: Stats): string => {
  if (found.isFile()) return 'a file'
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  if (found.isSocket()) return 'a socket'
  return 'a device'
}

const closed = 'closed to us'

/** Whether a kind says that the system does not let us look. */
export const isClosed = (kind: string): boolean => kind.startsWith(closed)

/** The kind of what a path names, links followed; null where nothing is. */
export const kindOfPath = async (path: string): Promise<string | null> => {
  try {
    return kindOf(await stat(path))
  } catch (error) {
    const refusal = systemRefusal(error)
    if (refusal === null) throw error
    const isLink = (await lstat(path).catch(() => null))?.isSymbolicLink() === true
    if (!/^(ENOENT|ENOTDIR)/.test(refusal)) return `${closed} (${refusal})`
    return !isLink ? null : `a link to ${await readlink(path)}, where nothing is`
  }
}
