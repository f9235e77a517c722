/**
 * Folders of a test file. Removing one never decides a test: a browser that is still writing its profile is no failure of the page.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []

/** Remove a folder and what is in it; where that fails, say so and go on. */
export const removeFolder = (path: string): void => {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  } catch (error) {
    console.warn(`${path} was left behind: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Make an empty folder, removed when the tests of this file are over. */
export const makeTemporaryFolder = (prefix: string): string => {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  folders.push(folder)
  return folder
}

afterAll(() => folders.forEach(removeFolder))
