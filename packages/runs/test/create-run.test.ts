import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { createRun, renderRunError, runFiles } from '../src/index.ts'
import { experimentOf, makeDirectory, makeRun, must, settingsOf } from './fixture-runs.ts'

const experiment = experimentOf()

test('a run’s directory is named after it, with the first digits of its identity', async () => {
  const { directory, config } = await makeRun(experiment, makeDirectory())
  expect(config.identity).toMatch(/^[0-9a-f]{64}$/)
  expect(basename(directory)).toBe(`f1-digits-laperm-k5-s1-${config.identity.slice(0, 6)}`)
})

test('one identity gets one directory, and another one when it is trained again', async () => {
  const parent = makeDirectory()
  const made = await makeRun(experiment, parent)
  const second = must(await createRun(settingsOf(experiment), { directory: null, parent })())
  expect(second).toEqual({ kind: 'exists', run: made })
  const again = { directory: null, parent, again: true }
  for (const copy of [2, 3]) {
    const other = must(await createRun(settingsOf(experiment), again)())
    expect(other.run.directory).toBe(`${made.directory}-${copy}`)
  }
})

test('where another run has the same digits, the name has more of them', async () => {
  const parent = makeDirectory()
  const { config } = await makeRun(experiment, makeDirectory())
  const { config: other, directory: elsewhere } = await makeRun(experimentOf({ seed: 2 }), makeDirectory())
  expect(other.identity).not.toBe(config.identity)
  for (const digits of [6, 7]) {
    const taken = join(parent, `f1-digits-laperm-k5-s1-${config.identity.slice(0, digits)}`)
    mkdirSync(taken)
    writeFileSync(join(taken, runFiles.config), readFileSync(join(elsewhere, runFiles.config)))
  }
  const { directory } = await makeRun(experiment, parent)
  expect(basename(directory)).toBe(`f1-digits-laperm-k5-s1-${config.identity.slice(0, 8)}`)
})

test('of processes that make one run at once one makes it, and the others say who', async () => {
  for (const named of [true, false]) {
    const parent = makeDirectory()
    const options = { directory: named ? join(parent, 'deep', 'run') : null, parent }
    const made = await Promise.all([1, 2, 3, 4].map(() => createRun(settingsOf(experiment), options)()))
    expect(made.filter((each) => E.isRight(each) && each.right.kind === 'created')).toHaveLength(1)
    for (const each of made)
      if (E.isLeft(each)) expect(renderRunError(each.left)).toMatch(/has been writing into this run since/)
      else if (each.right.kind === 'created') await each.right.lock.release()
  }
})

test('a directory whose maker was killed before it wrote config.json is taken up', async () => {
  const parent = makeDirectory()
  const { directory, config } = await makeRun(experiment, makeDirectory())
  const left = join(parent, basename(directory))
  mkdirSync(left)
  writeFileSync(join(left, '.lock-1.json'), '{"state":"free"}\n')
  writeFileSync(join(left, 'config.json.4711.tmp'), '{"form')
  const made = await makeRun(experiment, parent)
  expect(made).toEqual({ directory: left, config })
})

test.runIf(existsSync('/proc/self'))(
  'a place that takes no directory is told with what to do there',
  async () => {
    const directory = makeDirectory()
    writeFileSync(join(directory, 'file'), '')
    symlinkSync('loop', join(directory, 'loop'))
    const said = async (path: string): Promise<string> => {
      const made = await createRun(settingsOf(experiment), { directory: path, parent: 'runs' })()
      return E.isLeft(made) ? renderRunError(made.left) : 'made'
    }
    expect(await said('/proc/laperm')).toMatch(
      /its file system takes no new directories.* Name a directory that can be/,
    )
    expect(await said(join(directory, 'file', 'run'))).toMatch(
      /a part of this path is no directory.* whose parts/,
    )
    expect(await said(join(directory, 'x'.repeat(300)))).toMatch(/ENAMETOOLONG.* Name a shorter path/)
    expect(await said(join(directory, 'loop', 'run'))).toMatch(/ELOOP.* Mend the symbolic links/)
  },
)

test('a directory with other files is refused and left alone', async () => {
  const directory = makeDirectory()
  writeFileSync(join(directory, 'thesis.txt'), 'precious')
  const made = await createRun(settingsOf(experiment), { directory, parent: 'runs' })()
  expect(E.isLeft(made) && renderRunError(made.left)).toMatch(/holds files that are no run\. Name a new/)
  expect(readdirSync(directory)).toEqual(['thesis.txt'])
  expect(existsSync('runs')).toBe(false)
})

test.each([
  [
    {
      outer: {
        syncPeriod: {
          kind: 'steps',
          periods: [
            { fromStep: 1, period: 3 },
            { fromStep: 9, period: 7 },
          ],
        },
      },
    },
    'f1-digits-laperm-k3-7@9-s1',
  ],
  [{ sparsity: 0.5 }, 'f1-digits-laperm-k5-p50-s1'],
  [
    { model: 'f2', sparsity: { kind: 'perKernel', fractions: [14 / 15, 6 / 7, 2 / 3] } },
    'f2-digits-laperm-k5-p93-86-67-s1',
  ],
  [{ optimizer: 'adam', outer: { kind: 'none' }, seed: 7 }, 'f1-digits-adam-s7'],
  [{ dataset: { name: 'ü'.repeat(100) } }, `f1-${'ü'.repeat(40)}-laperm-k5-s1`],
] as const)('%j is called %s', async (settings, title) => {
  const { directory } = await makeRun(experimentOf(settings as object), makeDirectory())
  expect(basename(directory).replace(/-[0-9a-f]{6}$/, '')).toBe(title)
})
