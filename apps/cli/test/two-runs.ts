/** Two runs that the built program has trained, in `runs/one` and `runs/two`: another k, seed and number of epochs. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll } from 'vitest'
import { makeDirectory } from './laperm-process.ts'

/** Flags with which a run takes a moment. */
export const quick = ['--limit', '300', '--batch-size', '50', '--threads', '1', '--quiet'] as const

const program = fileURLToPath(new URL('../bin/laperm.js', import.meta.url))

/**
 * Train them before the tests of a file.
 *
 * @returns a directory to read from, and how to get a copy that a test may change.
 */
export const trainTwoRuns = (): { readonly path: () => string; readonly copy: () => string } => {
  let made = ''
  beforeAll(() => {
    made = mkdtempSync(join(tmpdir(), 'laperm-cli-runs-'))
    const train = (words: string) =>
      execFileSync(process.execPath, [program, 'train', ...words.split(' '), ...quick], { cwd: made })
    train('f1 --epochs 2 --sync-period 2 --seed 1 --out runs/one')
    train('f1 --epochs 1 --sync-period 3 --seed 2 --out runs/two')
    return () => rmSync(made, { recursive: true, force: true })
  }, 120_000)
  return {
    path: () => made,
    copy: () => {
      const directory = makeDirectory()
      cpSync(join(made, 'runs'), join(directory, 'runs'), { recursive: true })
      return directory
    },
  }
}
