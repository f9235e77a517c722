/** A run's directory that is taken away, or closed to writing, while a process writes into it. */
import { chmodSync, existsSync, mkdirSync, renameSync, watch } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { laperm, makeDirectory, type Place, start, until } from './laperm-process.ts'
import { expectSameResults, linesOf, stack, statusOf } from './run-files.ts'

// Several whole processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

const command =
  'train f1 --init he-uniform --sparsity 0 --dataset digits --limit 1000 --test-limit 300 --batch-size 25 --epochs 12 --sync-period 7 --threads 1 --checkpoint-seconds 0 --json --out'.split(
    ' ',
  )

const hasStarted = (run: string): boolean =>
  existsSync(join(run, 'checkpoint.safetensors')) && linesOf(run) >= 2

test('a directory that is moved away ends the run in words; it goes on from its new place, and another begins in the old one', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const moved = join(directory, 'moved')
  const { ended } = start([...command, run], directory)
  await until('a checkpoint', () => hasStarted(run))
  renameSync(run, moved)
  const { code, stderr, stdout } = await ended
  expect(stderr).not.toMatch(stack)
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /\/run was removed or moved away while the run was trained into it\. .* trains it anew/,
  )
  expect(JSON.parse(stdout).error).toMatchObject({ _tag: 'RunFailed', status: 'removed', runDirectory: run })
  expect(existsSync(run)).toBe(false)

  expect((await laperm([...command, run], directory)).code).toBe(0)
  expect((await laperm(['train', '--resume', moved, '--json'], directory)).code).toBe(0)
  expectSameResults(moved, run)
})

test('a directory that is taken away from a process which is about to resume is told of it', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const first = start([...command, run], directory)
  await until('a checkpoint', () => hasStarted(run))
  first.child.kill('SIGKILL')
  await first.ended
  const watcher = watch(run, (_, name) => {
    if (name !== '.lock-2.json') return
    watcher.close()
    renameSync(run, join(directory, 'moved'))
  })
  const { code, stderr } = await laperm(['train', '--resume', run, '--json'], directory)
  expect(stderr).not.toMatch(stack)
  expect(code).toBe(1)
  expect(stderr).toMatch(/the lock of the run was removed|there is no such file|was removed or moved/)
  expect(stderr).not.toMatch(/another process/)
})

// Root may write everywhere.
const user: Place | undefined = process.getuid?.() === 0 ? { uid: 12345, gid: 12345 } : undefined

test.skipIf(process.platform === 'win32')(
  'a directory that is made read-only ends the run with the file named, and once it can be written the run goes on',
  async () => {
    const directory = makeDirectory()
    chmodSync(directory, 0o777)
    const run = join(directory, 'run')
    const home = join(directory, 'home')
    mkdirSync(home)
    chmodSync(home, 0o777)
    const environment = { HOME: home }
    const { ended } = start([...command, run], directory, environment, user)
    await until('a checkpoint', () => hasStarted(run))
    chmodSync(run, 0o555)
    const { code, stderr, stdout } = await ended
    expect(stderr).not.toMatch(stack)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /\/run\/(best|checkpoint)\.safetensors could not be written: EACCES.* Make room there \(or make it writable\)/,
    )
    expect(JSON.parse(stdout).error).toMatchObject({ _tag: 'RunFailed', status: 'running' })
    expect(statusOf(run)).toBe('running')

    const resume = () => start(['train', '--resume', run, '--json'], directory, environment, user).ended
    const refused = await resume()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/\/run: EACCES: permission denied.*Check the path, its permissions/)
    expect(refused.stderr).not.toMatch(stack)

    chmodSync(run, 0o755)
    expect((await resume()).code).toBe(0)
    const whole = join(directory, 'whole')
    expect((await laperm([...command, whole], directory)).code).toBe(0)
    expectSameResults(run, whole)
  },
)
