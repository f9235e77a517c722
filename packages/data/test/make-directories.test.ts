import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeDirectories } from '../src/node/make-directories.ts'

test('a directory is made with its parents, and one that is there stays', async () => {
  const root = mkdtempSync(join(tmpdir(), 'laperm-directories-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const path = join(root, 'a', 'b', 'c')
  await makeDirectories(path)
  writeFileSync(join(path, 'file'), '')
  await makeDirectories(path)
  expect(existsSync(join(path, 'file'))).toBe(true)
  await expect(makeDirectories(join(path, 'file', 'below'))).rejects.toThrow('ENOTDIR')
})

// Linux refuses directories there with ENOENT, although /proc is one.
test.runIf(existsSync('/proc/self'))('where the file system makes none that is told, at once', async () => {
  await expect(makeDirectories('/proc/laperm/runs')).rejects.toThrow("mkdir '/proc/laperm'")
})
