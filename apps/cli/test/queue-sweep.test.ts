/** `laperm sweep --queue` and `laperm worker` on a real Redis: what they say, and what they never say. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Queue, QueueJob } from '@laperm/queue'
import { openRedisQueue, parseRedisUrl } from '@laperm/queue-redis'
import { runJob } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { canSign, makeAuthority } from '../../../test/devices/certificates.ts'
import {
  freePort,
  hasRedis,
  type RedisServer,
  startRedis,
  startTlsRedis,
} from '../../../test/devices/redis.ts'
import { runCaptured } from './captured-cli.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { linesOf } from './run-files.ts'
import { filesWith, runsIn } from './sweep-machines.ts'

// Several processes at once, perhaps on a busy machine.
vi.setConfig({ testTimeout: 900_000 })

const quick =
  'sweep f1 --init he-uniform --sparsity 0 --limit 200 --test-limit 100 --batch-size 50 --epochs 1'
const sweepOf = (seeds: string, ...words: readonly string[]) => [
  ...quick.split(' '),
  ...['--seed', seeds, ...words],
]

const serverOf = async (starting: Promise<RedisServer>) => {
  const server = await starting
  onTestFinished(() => server.stop())
  const { port, password } = server
  return {
    ...server,
    queue: ['--queue', `redis://127.0.0.1:${port}`],
    secret: { LAPERM_QUEUE_PASSWORD: password },
  }
}

/** The queue as another program would open it, which takes any job. */
const openAny = async (url: string): Promise<Queue<QueueJob>> => {
  const endpoint = parseRedisUrl(url)
  if (E.isLeft(endpoint)) throw new Error(endpoint.left.reason)
  const opened = await openRedisQueue({
    endpoint: endpoint.right,
    parseJob: (value) => E.right(value as QueueJob),
  })()
  if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left))
  onTestFinished(() => opened.right.close())
  return opened.right
}

describe.runIf(hasRedis)('a queue that cannot be used', () => {
  test('is said before anything is planned, and names what to set', async () => {
    const { port, queue, secret } = await serverOf(startRedis())
    const directory = makeDirectory()
    const failure = async (code: number, words: readonly string[], environment = {}): Promise<string> => {
      const ended = await runCaptured(words, undefined, environment)
      expect(ended.err.split('\n')).toHaveLength(1)
      expect(ended.code, ended.err).toBe(code)
      return ended.err
    }
    const out = join(directory, 'runs')
    for (const words of [
      [...sweepOf('1..2'), '--out', out],
      ['worker', '--runs', out],
    ]) {
      expect(await failure(1, [...words, ...queue])).toMatch(
        /Redis wants a password, and none was given .* Give a password in LAPERM_QUEUE_PASSWORD/,
      )
      const wrong = { LAPERM_QUEUE_PASSWORD: `${secret.LAPERM_QUEUE_PASSWORD}x` }
      const refused = await failure(1, [...words, ...queue], wrong)
      expect(refused).toMatch(/refuses this user and password .* in LAPERM_QUEUE_PASSWORD/)
      expect(refused).not.toContain(secret.LAPERM_QUEUE_PASSWORD)
      expect(await failure(2, [...words, '--queue', `http://127.0.0.1:${port}`])).toMatch(/not http:/)
      const nothing = ['--queue', `redis://127.0.0.1:${await freePort()}`]
      expect(await failure(1, [...words, ...nothing])).toMatch(/nothing listens there .*Start Redis/)
      const encrypted = ['--queue', `rediss://127.0.0.1:${port}`]
      expect(await failure(2, [...words, ...encrypted, '--queue-ca', 'none.pem'])).toMatch(
        /--queue-ca names 'none\.pem', but there is no such file\. Name the file that begins with -----BEGIN/,
      )
      const other = { LAPERM_QUEUE_CA: join(directory, 'text') }
      writeFileSync(other.LAPERM_QUEUE_CA, 'no certificate')
      expect(await failure(2, [...words, ...encrypted], other)).toMatch(
        /LAPERM_QUEUE_CA names '.*text', but it holds no certificate/,
      )
    }
    expect(readdirSync(directory)).toEqual(['text'])
  })

  test('that is full is said, and takes no run', async () => {
    const { queue, secret } = await serverOf(
      startRedis('--maxmemory', '3mb', '--maxmemory-policy', 'noeviction'),
    )
    const full = await laperm([...sweepOf('1..4000'), ...queue], makeDirectory(), secret)
    expect(full.stderr).toMatch(/Redis is full: it has reached its maxmemory .*Raise its maxmemory.* goes on/)
    expect(full.code).toBe(1)
  })
})

describe.runIf(hasRedis && canSign)('a password', () => {
  test('is in no output and no file, wherever it was given, over an encrypted connection', async () => {
    const authority = makeAuthority()
    const server = await serverOf(startTlsRedis(authority.sign('IP:127.0.0.1'), authority.path))
    const directory = makeDirectory()
    const inUrl = ['--queue', server.url]
    const apart = ['--queue', `rediss://127.0.0.1:${server.port}`]
    const ca = { LAPERM_QUEUE_CA: authority.path }
    const one = ['worker', '--concurrency', '1']
    const workers = [
      start([...one, ...apart, '--queue-ca', authority.path], directory, server.secret),
      start([...one, ...inUrl], directory, ca),
    ]
    const sweep = await laperm([...sweepOf('1..4'), ...inUrl], directory, ca)
    expect(sweep.stdout).toContain('4 runs: 4 finished')
    for (const { child } of workers) child.kill('SIGINT')
    const ended = await Promise.all(workers.map((worker) => worker.ended))
    const untrusted = await laperm(['worker', ...inUrl], directory)
    expect(untrusted.stderr).toMatch(
      /of an authority that is not trusted here .* Name the certificate of its authority in LAPERM_QUEUE_CA or with --queue-ca/,
    )
    const mistaken = await laperm(['worker', '--queue', `redis://:${server.password}`], directory)
    expect(mistaken.code).toBe(2)
    for (const { stdout, stderr } of [sweep, ...ended, untrusted, mistaken])
      expect(stdout + stderr).not.toContain(server.password)
    expect(runsIn(join(directory, 'runs')).length).toBe(4)
    expect(filesWith(directory, server.password)).toEqual([])
  })
})

describe.runIf(hasRedis)('a sweep by a queue', () => {
  test('ends with what failed; --retry-failed puts it in again, and nothing else does', async () => {
    const { queue, secret } = await serverOf(startRedis())
    const directory = makeDirectory()
    const dry = await laperm([...sweepOf('1..3'), '--dry-run', '--json'], directory)
    const [{ identity }] = JSON.parse(dry.stdout).runs
    const blocked = join(directory, 'runs', `f1-digits-laperm-k250-s1-${identity.slice(0, 6)}`)
    expect((await laperm([...sweepOf('2')], directory)).code).toBe(0)
    writeFileSync(blocked, '')
    const worker = start(['worker', ...queue, '--concurrency', '1'], directory, secret)

    const first = await laperm([...sweepOf('1..3'), ...queue], directory, secret)
    expect(first.stdout).toMatch(/^3 runs: 2 finished, 1 failed, in [\d.]+ s$/m)
    expect(first.stderr).toMatch(/seed 1: failed: .*cannot be made/)
    expect(first.stderr).toMatch(/some runs failed; --retry-failed goes on with them/)
    expect(first.code).toBe(1)
    rmSync(blocked)
    const again = await laperm([...sweepOf('1..3'), ...queue], directory, secret)
    expect(again.stdout).toMatch(/^3 runs: 2 finished, 1 failed/m)
    expect(again.code).toBe(1)
    const retried = await laperm([...sweepOf('1..3'), ...queue, '--retry-failed'], directory, secret)
    expect(retried.stdout).toMatch(/^3 runs: 3 finished, in [\d.]+ s$/m)
    expect(retried.code).toBe(0)
    worker.child.kill('SIGINT')
    expect((await worker.ended).code).toBe(130)
  })

  test('refuses jobs of other versions and of other bits in words, and goes on with the rest', async () => {
    const server = await serverOf(startRedis())
    const { queue, secret } = server
    const directory = makeDirectory()
    expect((await laperm(sweepOf('1'), directory)).code).toBe(0)
    const [run = ''] = runsIn(join(directory, 'runs'))
    const { experiment, data } = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
    const { fingerprint: _, ...source } = data
    const other = runJob({ identity: 'b'.repeat(64), experiment, data: source, directory })
    const old = { ...other, identity: 'a'.repeat(64), format: 'laperm-job/0' }
    expect(await (await openAny(server.url)).add([old, other])()).toEqual(E.right({ added: 2, known: 0 }))
    const words = ['worker', ...queue, '--concurrency', '1', '--until-empty']
    const { code, stderr } = await laperm(words, directory, secret)
    expect(stderr).toMatch(
      /Job a{64} of redis at .* has failed: its format is "laperm-job\/0", but this version takes laperm-job\/1/,
    )
    expect(stderr).toMatch(
      /run bbbbbb: failed: here it would be another run .*other versions, threads or data/,
    )
    expect(code).toBe(0)
  })

  test('has the run of a worker that is stopped at once, however long its lease is', async () => {
    const server = await serverOf(startRedis())
    const { queue, secret } = server
    const directory = makeDirectory()
    const long = [...sweepOf('1', '--epochs', '500'), ...queue]
    const watch = start(long, directory, secret)
    const words = ['worker', ...queue, '--concurrency', '1']
    const first = start(words, directory, secret)
    await until('an epoch', () => runsIn(join(directory, 'runs')).some((run) => linesOf(run) > 0))
    watch.child.kill('SIGINT')
    await watch.ended
    first.child.kill('SIGINT')
    expect((await first.ended).code).toBe(130)
    const jobs = await openAny(server.url)
    expect(await jobs.counts()).toEqual(E.right({ waiting: 1, active: 0, finished: 0, failed: 0 }))
    const second = await laperm([...words, '--until-empty'], directory, secret)
    expect(second.stderr).toMatch(/^run \w+: taken$/m)
    expect(second.stderr).toMatch(/finished, test accuracy/)
    expect(second.code).toBe(0)
  })

  test('that is no longer watched stays in the queue; what the queue loses is put in again', async () => {
    const server = await serverOf(startRedis('--appendonly', 'no'))
    const { queue, secret } = server
    const directory = makeDirectory()
    const watch = start([...sweepOf('1..2'), ...queue], directory, secret)
    const stop = start(
      ['worker', ...queue, '--concurrency', '1', '--checkpoint-seconds', '0'],
      directory,
      secret,
    )
    await until('a run', () => readdirSync(directory).includes('runs'))
    watch.child.kill('SIGINT')
    const { code, stdout, stderr } = await watch.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/no longer watched; what is to do stays in the queue, and its workers go on/)
    expect(stdout).not.toMatch(/worker/)
    stop.child.kill('SIGINT')
    await stop.ended

    const again = start([...sweepOf('1..4'), ...queue], directory, secret)
    const jobs = await openAny(server.url)
    await vi.waitFor(
      async () => {
        const counts = await jobs.counts()
        expect(E.isRight(counts) ? counts.right.waiting + counts.right.finished : 0).toBe(4)
      },
      { timeout: 120_000 },
    )
    await jobs.close()
    await server.stop()
    await server.start()
    await until('the sweep to find its jobs gone', () =>
      again.said().includes('the queue had lost it; put in again'),
    )
    const worker = start(['worker', ...queue, '--concurrency', '1'], directory, secret)
    expect((await again.ended).stdout).toMatch(/^4 runs: 4 finished, in/m)
    worker.child.kill('SIGINT')
    await worker.ended
  })
})
