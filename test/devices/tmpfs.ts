/** Real file systems for tests: small ones that fill up, and read-only ones. Mounting needs root on Linux. */
import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import { reportMissing } from './required.ts'

/** A mounted tmpfs. */
export interface Tmpfs {
  readonly path: string
  /** Mount it again with other options, keeping what it holds. */
  readonly remount: (options: string) => void
}

const mount = (...words: readonly string[]): void => {
  execFileSync('mount', words, { stdio: 'pipe' })
}

const mountsHere = (() => {
  const path = makeTemporaryFolder('laperm-tmpfs-')
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path)
    execFileSync('umount', [path], { stdio: 'pipe' })
    return true
  } catch (error) {
    reportMissing(
      'tmpfs',
      `mounting a tmpfs failed (${error instanceof Error ? error.message.trim() : error})`,
    )
    return false
  }
})()

/** Whether tests with a file system of their own can run. Fails at import where `LAPERM_REQUIRE` names `tmpfs`. */
export const canMountTmpfs: boolean = mountsHere

/** Mount a tmpfs until the test is over. @param options of mount(8): `size=2m`. */
export const mountTmpfs = (options: string): Tmpfs => {
  const path = makeTemporaryFolder('laperm-tmpfs-')
  mount('-t', 'tmpfs', '-o', options, 'tmpfs', path)
  onTestFinished(() => {
    execFileSync('umount', ['-l', path], { stdio: 'pipe' })
    rmSync(path, { recursive: true, force: true })
  })
  return { path, remount: (changed) => mount('-o', `remount,${changed}`, path) }
}

/** Take all room of a disk but these pages. */
export const fillDisk = (path: string, leavePages = 0): void => {
  const { bavail, bsize } = statfsSync(path)
  const pages = bavail - leavePages
  if (pages > 0) writeFileSync(join(path, 'filler'), Buffer.alloc(pages * bsize, 1))
}
