/** A file system that takes what is written and cannot keep it: its image lies on a disk that is full, so that fsync fails and nothing before. */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import { reportMissing } from './required.ts'
import { canMountTmpfs, fillDisk, mountTmpfs } from './tmpfs.ts'

const run = (program: string, ...words: readonly string[]): void => {
  execFileSync(program, words, { stdio: 'pipe' })
}

/** Mount the image of a small ext4. Its blocks are as large as the pages of the disk below, so that each new one needs one. */
const mountImage = (image: string): string => {
  const path = makeTemporaryFolder('laperm-unkept-')
  run('truncate', '-s', '32M', image)
  run('mkfs.ext4', '-q', '-F', '-b', '4096', '-O', '^has_journal', image)
  run('mount', '-o', 'loop', image, path)
  return path
}

/** Whether such a disk can be made. Fails at import where `LAPERM_REQUIRE` names `tmpfs`. */
export const canMountUnkeptDisk: boolean = (() => {
  if (!canMountTmpfs) return false
  try {
    run('umount', mountImage(join(makeTemporaryFolder('laperm-image-'), 'image')))
    return true
  } catch (error) {
    reportMissing(
      'tmpfs',
      `an ext4 in a file cannot be mounted (${error instanceof Error ? error.message.trim() : error})`,
    )
    return false
  }
})()

/** Mount one until the test is over. @returns its path, and `fill`, which takes away the room for whatever is written from then on. */
export const mountUnkeptDisk = (): { readonly path: string; readonly fill: () => void } => {
  const below = mountTmpfs('size=4m')
  const path = mountImage(join(below.path, 'image'))
  onTestFinished(() => {
    run('umount', '-l', path)
    rmSync(path, { recursive: true, force: true })
  })
  return {
    path,
    fill: () => {
      run('sync', '-f', path)
      fillDisk(below.path)
    },
  }
}
