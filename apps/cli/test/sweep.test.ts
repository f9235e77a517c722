import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'

// Several processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

/** A run of 240 steps, with checkpoints as often as they are allowed. */
const small = '--init he-uniform --sparsity 0 --limit 1000 --batch-size 25 --epochs 6'.split(' ')
const sixRuns = [
  'sweep',
  'f1',
  ...small,
  '--sync-period',
  '5,20',
  '--seed',
  '1..3',
  '--checkpoint-seconds',
  '0',
]

interface TableRow {
  readonly run: string | null
  readonly status: string
  readonly syncPeriod: number
  readonly seed: number
  readonly testAccuracy: number | null
  readonly error: string | null
}

/** The rows of the only sweep's table. */
const tableOf = (directory: string): readonly TableRow[] => {
  const runs = join(directory, 'runs')
  const name = readdirSync(runs).find((file) => /^sweep-.*\.json$/.test(file)) ?? ''
  return JSON.parse(readFileSync(join(runs, name), 'utf8')).runs
}

const runsOf = (directory: string): readonly string[] => {
  const runs = join(directory, 'runs')
  return existsSync(runs) ? readdirSync(runs).filter((name) => !name.startsWith('sweep-')) : []
}

/** Every file of a run that its training decides, by its name. */
const bytesOf = (directory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(directory)
      .filter((name) => /\.(safetensors|jsonl)$/.test(name))
      .map((name) => [name, readFileSync(join(directory, name)).toString('base64')]),
  )

/** The processes that write into runs now, by their run. */
const writersOf = (directory: string): ReadonlyMap<string, number> => {
  const writers = new Map<string, number>()
  for (const run of runsOf(directory))
    for (const file of readdirSync(join(directory, 'runs', run)))
      if (file.startsWith('.lock-'))
        try {
          const { pid } = JSON.parse(readFileSync(join(directory, 'runs', run, file), 'utf8'))
          if (typeof pid === 'number') writers.set(run, pid)
        } catch {
          // Just being written, or gone.
        }
  return writers
}

const epochsOf = (directory: string, run: string): number => {
  const path = join(directory, 'runs', run, 'metrics.jsonl')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}

/** What runs come to that are trained by themselves, by their settings: every test of this file is compared with the same ones. */
const alone = new Map<string, ReturnType<typeof bytesOf>>()

const trainAlone = async (directory: string, settings: readonly string[]): Promise<void> => {
  const out = join(directory, 'alone', settings.join('-'))
  const words = ['train', 'f1', ...small, ...settings, '--threads', '1', '--out', out, '--quiet']
  const { code, stderr } = await laperm(words, directory)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  alone.set(settings.join(), bytesOf(out))
}

/** Train runs of a sweep by themselves and require the same bytes. */
const expectAsTrainedAlone = async (directory: string, isChosen = (_: TableRow) => true): Promise<void> => {
  const rows = tableOf(directory)
  expect(rows.map(({ status }) => status)).toEqual(rows.map(() => 'finished'))
  for (const { run, syncPeriod, seed } of rows.filter(isChosen)) {
    const settings = ['--sync-period', String(syncPeriod), '--seed', String(seed)]
    if (!alone.has(settings.join())) await trainAlone(directory, settings)
    expect(bytesOf(join(directory, 'runs', String(run)))).toEqual(alone.get(settings.join()))
  }
}

test('a sweep whose workers are killed finishes every run, bit for bit as trained alone', async () => {
  const directory = makeDirectory()
  const { child, ended } = start([...sixRuns, '--jobs', '2'], directory)
  const random = Math.floor(Math.random() * 5)
  for (const victim of [1, 2]) {
    await until(`a run in epoch ${random} to kill`, () => {
      // The sweep itself holds the lock of a run while it looks what became of it.
      const [found] = [...writersOf(directory)].filter(
        ([run, pid]) => pid !== child.pid && epochsOf(directory, run) >= random,
      )
      if (found === undefined || runsOf(directory).length <= victim) return false
      try {
        process.kill(found[1], 'SIGKILL')
        return true
      } catch {
        return false
      }
    })
  }
  const { code, stdout, stderr } = await ended
  expect(stderr).toMatch(/its process was ended by SIGKILL; it goes on from its last checkpoint/)
  expect(stdout).toMatch(/6 runs: 6 finished/)
  expect(code).toBe(0)
  await expectAsTrainedAlone(directory)
})

test('Ctrl-C ends a sweep with checkpoints, and the same command goes on with what is missing', async () => {
  const directory = makeDirectory()
  const { child, ended } = start([...sixRuns, '--jobs', '2'], directory)
  await until('the third run', () => runsOf(directory).length >= 3)
  child.kill('SIGINT')
  const interrupted = await ended
  expect(interrupted.code).toBe(130)
  expect(interrupted.stderr).toMatch(/the same command goes on with what is missing/)
  expect([...writersOf(directory)]).toEqual([])
  const before = tableOf(directory).filter(({ status }) => status === 'finished')
  expect(before.length).toBeLessThan(6)

  const dry = await laperm([...sixRuns, '--dry-run', '--json'], directory)
  const planned: readonly { readonly status: string }[] = JSON.parse(dry.stdout).runs
  expect(planned.filter(({ status }) => status === 'finished')).toHaveLength(before.length)
  expect(planned.some(({ status }) => status === 'interrupted')).toBe(true)

  const { code, stderr } = await laperm([...sixRuns, '--jobs', '2'], directory)
  expect(code).toBe(0)
  // Only what was missing is trained.
  expect(stderr.match(/test accuracy/g)).toHaveLength(6 - before.length)
  // Those that were under way when it was interrupted, at most.
  await expectAsTrainedAlone(directory, ({ syncPeriod }) => syncPeriod === 5)
})

test('a run that diverges and a run that fails stop no other, and each is said', async () => {
  const directory = makeDirectory()
  const rates = '--inner-optimizer sgd --sync-period 20 --learning-rate 0.001,1e30'.split(' ')
  const words = ['sweep', 'mlp', ...small, ...rates, '--seed', '1,2', '--jobs', '2']
  const dry = await laperm([...words, '--dry-run', '--json'], directory)
  const [{ identity }] = JSON.parse(dry.stdout).runs
  expect(runsOf(directory)).toEqual([])
  // A file stands where the first run's directory would be.
  mkdirSync(join(directory, 'runs'))
  writeFileSync(join(directory, 'runs', `mlp-digits-laperm-k20-s1-${identity.slice(0, 6)}`), '')

  const { code, stdout, stderr } = await laperm(words, directory)
  expect(code).toBe(1)
  expect(stdout).toMatch(/4 runs: 1 finished, 2 diverged, 1 failed/)
  expect(stderr).toMatch(/learning-rate 1e30, seed 1: diverged at step \d+/)
  expect(stderr).toMatch(/--retry-failed/)
  const rows = tableOf(directory)
  expect(rows.map(({ status }) => status)).toEqual(['failed', 'finished', 'diverged', 'diverged'])
  expect(rows[0]?.error).toMatch(/cannot be made/)

  // What diverged would diverge again.
  const again = await laperm([...words, '--json'], directory)
  expect(JSON.parse(again.stdout).counts).toMatchObject({ finished: 1, diverged: 2, failed: 1 })
})

test('a run whose process always dies is given up after three more tries, and taken up again on demand', async () => {
  const directory = makeDirectory()
  // Long enough that no attempt ends before it is killed.
  const long = [...small, '--epochs', '40']
  const words = ['sweep', 'f1', ...long, '--seed', '1,2', '--jobs', '1', '--checkpoint-seconds', '0']
  const { child, ended } = start(words, directory)
  const isOver = ended.then(() => true)
  let kills = 0
  while (!(await Promise.race([isOver, new Promise((resolve) => setTimeout(() => resolve(false), 5))])))
    // The sweep itself locks the run at the end, to say that it failed; only what has a configuration is a run that can have failed.
    for (const [run, pid] of writersOf(directory))
      if (
        run.includes('-s1-') &&
        pid !== child.pid &&
        existsSync(join(directory, 'runs', run, 'config.json'))
      )
        try {
          process.kill(pid, 'SIGKILL')
          kills++
        } catch {
          // Killed before.
        }
  const { code, stdout, stderr } = await ended
  expect(code).toBe(1)
  expect(stdout).toMatch(/2 runs: 1 finished, 1 failed/)
  expect(stderr.match(/goes on from its last checkpoint/g)).toHaveLength(3)
  expect(stderr.match(/it was the last attempt, so it counts as failed/g)).toHaveLength(1)
  expect(kills).toBeGreaterThanOrEqual(4)

  const left = await laperm([...words, '--json'], directory)
  expect(JSON.parse(left.stdout).counts).toMatchObject({ finished: 1, failed: 1 })
  const retried = await laperm([...words, '--retry-failed'], directory)
  expect(retried.code).toBe(0)
  const [{ run }] = tableOf(directory) as [TableRow]
  const alone = join(directory, 'alone')
  const trained = await laperm(
    ['train', 'f1', ...long, '--seed', '1', '--threads', '1', '--out', alone],
    directory,
  )
  expect(trained.code).toBe(0)
  expect(bytesOf(join(directory, 'runs', String(run)))).toEqual(bytesOf(alone))
})

test('when the sweep itself is killed, its workers end and the same command goes on', async () => {
  const directory = makeDirectory()
  const { child, ended } = start([...sixRuns, '--jobs', '2'], directory)
  await until('two runs under way', () => writersOf(directory).size >= 2)
  child.kill('SIGKILL')
  await ended
  await until('the workers to end', () => writersOf(directory).size === 0)
  const { code, stdout } = await laperm([...sixRuns, '--jobs', '2'], directory)
  expect(code).toBe(0)
  expect(stdout).toMatch(/6 runs: 6 finished/)
})
