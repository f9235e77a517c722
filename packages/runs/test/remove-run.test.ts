import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { isRunFile, type Run, removeRun, renderRunError, runFiles } from '../src/index.ts'
import { experimentOf, lockOf, makeDirectory, makeRun, must, trainInto } from './fixture-runs.ts'

const trained = async (): Promise<Run> => {
  const parent = makeDirectory()
  const run = await makeRun(experimentOf({ epochs: 1 }), parent, join(parent, 'one'))
  await trainInto(run, { tensorboard: true })
  return run
}

const refusal = async (directory: string): Promise<string> => {
  const result = await removeRun(directory)()
  return E.isLeft(result) ? renderRunError(result.left) : 'removed'
}

describe('removeRun', () => {
  test('removes every file of a run, and its directory', async () => {
    const { directory } = await trained()
    const names = readdirSync(directory)
    expect(names.filter((name) => !isRunFile(name))).toEqual([])
    const { removed, left } = must(await removeRun(directory)())
    expect([...removed].sort()).toEqual(
      expect.arrayContaining(names.filter((name) => !name.startsWith('.lock'))),
    )
    expect(left).toEqual([])
    expect(existsSync(directory)).toBe(false)
  })

  test('leaves files and directories that are not LaPerm’s, and says which', async () => {
    const { directory } = await trained()
    writeFileSync(join(directory, 'notes.txt'), 'mine')
    // Names like LaPerm's that are none.
    writeFileSync(join(directory, 'notes.txt.12.tmp'), 'mine')
    mkdirSync(join(directory, '.lock-7.json.d'))
    writeFileSync(join(directory, 'best.safetensors.4711.tmp'), 'half')
    const { left } = must(await removeRun(directory)())
    expect([...left].sort()).toEqual(['.lock-7.json.d', 'notes.txt', 'notes.txt.12.tmp'])
    expect(readdirSync(directory).sort()).toEqual([...left].sort())
  })

  test('removes a run whose config is only half there', async () => {
    const { directory } = await trained()
    truncateSync(join(directory, runFiles.config), 200)
    expect(await refusal(directory)).toBe('removed')
    expect(existsSync(directory)).toBe(false)
  })

  test('removes links, not what they lead to', async () => {
    const run = await trained()
    const other = await trained()
    const link = join(run.directory, runFiles.checkpoint)
    symlinkSync(join(other.directory, runFiles.best), link)
    must(await removeRun(run.directory)())
    expect(existsSync(join(other.directory, runFiles.best))).toBe(true)
  })
})

describe('removeRun refuses, with nothing removed,', () => {
  const unchanged = async (directory: string, path = directory): Promise<string> => {
    const files = () => readdirSync(directory).filter((name) => !name.startsWith('.lock-'))
    const before = files()
    const said = await refusal(path)
    expect(files()).toEqual(before)
    return said
  }

  test('a run that a process works on', async () => {
    const run = await trained()
    const lock = await lockOf(run)
    expect(await unchanged(run.directory)).toContain(`process ${process.pid} on`)
    await lock.release()
  })

  test('another program’s config', async () => {
    const directory = makeDirectory()
    writeFileSync(join(directory, 'config.json'), '{"format":"other"}')
    writeFileSync(join(directory, 'summary.json'), '{}')
    expect(await unchanged(directory)).toContain('nothing says that this is a run of LaPerm')
    expect(readFileSync(join(directory, 'config.json'), 'utf8')).toBe('{"format":"other"}')
  })

  test('a directory with runs, by .. too, and a link to a run', async () => {
    const { directory } = await trained()
    const parent = join(directory, '..')
    expect(await unchanged(directory, parent)).toContain('nothing says that')
    const link = join(makeDirectory(), 'link')
    symlinkSync(directory, link)
    expect(await unchanged(directory, link)).toContain('this is a link')
    expect(await refusal(join(parent, 'none'))).toContain('there is no such file')
  })
})
