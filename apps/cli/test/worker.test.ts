import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort, hasRedis, type RedisServer, startRedis } from '../../../test/devices/redis.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'

// Several processes at once, perhaps on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

/** Runs of 240 steps, with checkpoints as often as they are allowed. */
const sixRuns =
  'sweep f1 --init he-uniform --sparsity 0 --limit 1000 --batch-size 25 --epochs 6 --seed 1..6 --checkpoint-seconds 0'.split(
    ' ',
  )
const leaseSeconds = 6

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

/** The processes that a process has started. */
const childrenOf = (pid: number | undefined): readonly number[] => {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
  } catch {
    return []
  }
}

/** Who writes into runs now: each process and the epochs of its run so far. */
const writersIn = (directory: string): ReadonlyMap<number, number> => {
  const writers = new Map<number, number>()
  for (const run of runsOf(directory))
    for (const file of readdirSync(join(directory, 'runs', run)).filter((name) => name.startsWith('.lock-')))
      try {
        const { pid } = JSON.parse(readFileSync(join(directory, 'runs', run, file), 'utf8'))
        const metrics = readFileSync(join(directory, 'runs', run, 'metrics.jsonl'), 'utf8')
        if (typeof pid === 'number') writers.set(pid, metrics.split('\n').length - 1)
      } catch {
        // Just being written, or gone.
      }
  return writers
}

describe('without --queue', () => {
  const environment = {
    NODE_OPTIONS: `--require ${fileURLToPath(new URL('loaded-modules.cjs', import.meta.url))}`,
  }

  test('nothing of Redis is loaded', async () => {
    const { stderr } = await laperm([...sixRuns, '--dry-run'], makeDirectory(), environment)
    expect(stderr).toMatch(/^loaded: nothing$/m)
    expect(stderr).not.toMatch(/loaded: \w*(bullmq|ioredis)/)
  })

  test('a worker says what it needs; with one that does not answer it says so, and no password', async () => {
    const none = await laperm(['worker'], makeDirectory(), environment)
    expect(none.code).toBe(2)
    expect(none.stderr).toMatch(/needs a queue to take runs from: --queue redis:\/\/host:6379/)
    const url = `redis://:hidden@127.0.0.1:${await freePort()}`
    const unreachable = await laperm(['worker', '--queue', url], makeDirectory(), environment)
    expect(unreachable.code).toBe(1)
    expect(unreachable.stderr).toMatch(/nothing listens there .*Start Redis/)
    expect(unreachable.stderr).toMatch(/loaded: bullmq ioredis/)
    expect(unreachable.stderr).not.toMatch(/hidden/)
  })
})

describe.runIf(hasRedis)('a sweep of many workers', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  test('ends every run once, bit for bit as a sweep of one machine, though one worker is killed and one stopped', async () => {
    const directory = makeDirectory()
    const environment = { LAPERM_QUEUE_PASSWORD: server.password }
    const queue = ['--queue', `redis://127.0.0.1:${server.port}`, '--lease-seconds', String(leaseSeconds)]
    const sweep = start([...sixRuns, ...queue], directory, environment)
    const words = ['worker', ...queue, '--concurrency', '1', '--checkpoint-seconds', '0']
    const workers = [1, 2, 3].map(() => start(words, directory, environment))
    const [killed, stopped] = workers
    const isInRun = ({ child }: (typeof workers)[number]): boolean => {
      const writers = writersIn(directory)
      return childrenOf(child.pid).some((pid) => (writers.get(pid) ?? 0) >= 1)
    }
    await until('the first worker to be in a run', () => isInRun(killed))
    killed.child.kill('SIGKILL')
    await until('the second worker to be in a run', () => isInRun(stopped))
    const frozen = [Number(stopped.child.pid), ...childrenOf(stopped.child.pid)]
    for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 2000 * leaseSeconds))
    for (const pid of frozen) process.kill(pid, 'SIGCONT')

    const { code, stdout, stderr } = await sweep.ended
    expect(stderr).not.toMatch(/failed/)
    expect(stdout).toMatch(/6 runs: 6 finished/)
    expect(code).toBe(0)
    for (const { child } of workers) child.kill('SIGINT')
    const [, late, other] = await Promise.all(workers.map(({ ended }) => ended))
    expect([late.code, other.code]).toEqual([130, 130])
    expect(late.stderr).toMatch(/another worker has it now; nothing more is written here/)
    for (const said of [stdout, stderr, late.stderr, other.stderr])
      expect(said).not.toContain(server.password)

    const alone = join(directory, 'alone')
    expect((await laperm([...sixRuns, '--jobs', '1', '--out', alone], directory)).code).toBe(0)
    expect(runsOf(directory)).toHaveLength(6)
    for (const run of runsOf(directory))
      expect(bytesOf(join(directory, 'runs', run)), run).toEqual(bytesOf(join(alone, run)))
  })
})
