import { randomUUID } from 'node:crypto'
import type { Claim, QueueJob } from '@laperm/queue'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort, hasRedis, type RedisServer, startRedis } from '../../../test/devices/redis.ts'
import { startProxy, type TcpProxy } from '../../../test/devices/tcp-proxy.ts'
import { claimOf, failureOf, jobs, must, openQueue, pause, tryQueue, wordsOf } from './fixture-queues.ts'

const serverOf = async (...settings: readonly string[]): Promise<RedisServer> => {
  const server = await startRedis(...settings)
  onTestFinished(() => server.stop())
  return server
}

const proxyTo = async (server: RedisServer): Promise<TcpProxy & { readonly url: string }> => {
  const proxy = await startProxy(server.port)
  onTestFinished(() => proxy.close())
  return { ...proxy, url: `redis://:${server.password}@127.0.0.1:${proxy.port}` }
}

describe.runIf(hasRedis)('opening a queue says in words', () => {
  test('that the password is wrong or missing', async () => {
    const { port, password } = await serverOf()
    expect(wordsOf(await tryQueue(`redis://:${password}x@127.0.0.1:${port}`))).toMatch(
      /^Queue redis at 127\.0\.0\.1:\d+: Redis refuses this user and password \(WRONGPASS .*Give the right password as/,
    )
    const remedies = { password: 'HERE', authority: 'THERE' }
    expect(wordsOf(await tryQueue(`redis://127.0.0.1:${port}`, { remedies }))).toMatch(
      /Redis wants a password, and none was given \(NOAUTH .*Give a password HERE\./,
    )
  })

  test('that nothing listens there', async () => {
    expect(wordsOf(await tryQueue(`redis://:hidden@127.0.0.1:${await freePort()}`))).toMatch(
      /nothing listens there \(connect ECONNREFUSED .*Start Redis, or correct host and port/,
    )
  })

  test('that Redis would throw jobs away', async () => {
    const { url } = await serverOf('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru')
    expect(wordsOf(await tryQueue(url))).toMatch(
      /maxmemory-policy is allkeys-lru.*Set maxmemory-policy to noev/,
    )
  })

  test('that it takes connections and answers nothing', async () => {
    const proxy = await proxyTo(await serverOf())
    proxy.hold()
    expect(wordsOf(await tryQueue(proxy.url, { silenceMs: 500 }))).toMatch(
      /it does not answer .*Look at the network/,
    )
  })
})

describe.runIf(hasRedis)('a queue whose Redis', () => {
  test('is restarted while a job is worked on keeps jobs and leases', async () => {
    const server = await serverOf()
    const queue = await openQueue(server.url)
    must(await queue.add(jobs('a', 'b', 'c'))())
    const claim = await claimOf(queue)
    await server.stop()
    const extended = claim.extend()
    await server.start()
    expect(must(await extended)).toBe('held')
    expect(must(await claim.finish('finished')())).toBe('held')
    expect(must(await queue.stateOf('a')())).toEqual({ kind: 'finished', result: 'finished' })
    expect((await claimOf(queue)).job).toEqual({ identity: 'b' })
    expect(must(await queue.counts())).toEqual({ waiting: 1, active: 1, finished: 1, failed: 0 })
  })

  test('is cut off for some seconds goes on, and says so', async () => {
    const proxy = await proxyTo(await serverOf())
    const told: string[] = []
    const queue = await openQueue(proxy.url, { report: (message) => told.push(message) })
    must(await queue.add(jobs('a'))())
    const claim = await claimOf(queue)
    const waiting = claimOf(queue)
    proxy.cut()
    const extended = claim.extend()
    await pause(3000)
    proxy.mend()
    expect(must(await extended)).toBe('held')
    must(await queue.add(jobs('b'))())
    expect((await waiting).job.identity).toBe('b')
    expect(told).toEqual([
      expect.stringMatching(
        /^The connection to redis at 127\.0\.0\.1:\d+ is lost; it is tried again for 300 s/,
      ),
      expect.stringMatching(/is back\.$/),
    ])
  })

  test.each([
    [
      'finish',
      (claim: Claim<QueueJob>) => claim.finish('finished'),
      { kind: 'finished', result: 'finished' },
    ],
    [
      'fail',
      (claim: Claim<QueueJob>) => claim.fail('no disk', 'final'),
      { kind: 'failed', reason: 'no disk' },
    ],
    ['fail', (claim: Claim<QueueJob>) => claim.fail('died', 'again'), { kind: 'waiting', attempt: 2 }],
    ['giveBack', (claim: Claim<QueueJob>) => claim.giveBack, { kind: 'waiting', attempt: 1 }],
  ])(
    'does what it is asked (%s), but whose answer is lost, is not asked in vain again',
    async (_, end, state) => {
      const server = await serverOf()
      const proxy = await proxyTo(server)
      const prefix = randomUUID()
      const queue = await openQueue(proxy.url, { prefix })
      const direct = await openQueue(server.url, { prefix })
      must(await queue.add(jobs('a'))())
      const claim = await claimOf(queue)
      proxy.muffle()
      const answer = end(claim)()
      while (must(await direct.stateOf('a')())?.kind === 'active') await pause(20)
      proxy.cut()
      proxy.mend()
      expect(must(await answer)).toBe('held')
      expect(must(await direct.stateOf('a')())).toEqual(state)
      expect(must(await claim.extend())).toBe('lost')
    },
  )

  test('is cut off for longer than the lease answers `lost`, and does not wait for it', async () => {
    const proxy = await proxyTo(await serverOf())
    const queue = await openQueue(proxy.url, { leaseMs: 1000 })
    must(await queue.add(jobs('a'))())
    const claim = await claimOf(queue)
    proxy.cut()
    expect(must(await claim.extend())).toBe('lost')
    proxy.mend()
    expect(must(await claim.finish('late')())).toBe('lost')
    const next = await claimOf(queue)
    expect([next.job.identity, next.attempt]).toEqual(['a', 2])
  })

  test('answers nothing on a connection that the network has forgotten is reached by another one', async () => {
    const proxy = await proxyTo(await serverOf())
    const told: string[] = []
    const queue = await openQueue(proxy.url, { silenceMs: 6000, report: (message) => told.push(message) })
    must(await queue.add(jobs('a'))())
    const claim = await claimOf(queue)
    const waiting = claimOf(queue)
    await pause(200)
    proxy.forget()
    expect(must(await claim.extend())).toBe('held')
    must(await queue.add(jobs('b'))())
    expect((await waiting).job.identity).toBe('b')
    expect(told.length).toBeGreaterThanOrEqual(2)
  })

  test('stays away is given up: every call and whoever waits is told', async () => {
    const server = await serverOf()
    const queue = await openQueue(server.url, { patienceMs: 500 })
    const waiting = queue.claim()()
    await pause(200)
    await server.stop()
    expect(await failureOf(queue.counts)).toMatch(/nothing listens there/)
    expect(await failureOf(queue.add(jobs('a')))).toMatch(/Queue redis at .*Start Redis/)
    expect(wordsOf(await waiting)).toMatch(/Queue redis at /)
    await queue.close()
  })

  test('is full says so, and takes the rest when there is room', async () => {
    const server = await serverOf('--maxmemory', '3mb', '--maxmemory-policy', 'noeviction')
    const queue = await openQueue(server.url)
    must(await queue.add(jobs('first'))())
    const claim = await claimOf(queue)
    const many = Array.from({ length: 4000 }, (_, i) => ({ identity: `job-${i}`, text: 'x'.repeat(500) }))
    expect(await failureOf(queue.add(many))).toMatch(/Redis is full: it has reached its maxmemory.*Raise/)
    const admin = new Redis(server.url)
    // Below what is used: what connections give back makes no room.
    await admin.config('SET', 'maxmemory', '1mb')
    expect(await failureOf(claim.extend)).toMatch(/Redis is full/)
    await admin.config('SET', 'maxmemory', '100mb')
    admin.disconnect()
    const { added, known } = must(await queue.add(many)())
    expect(added + known).toBe(4000)
    expect(known).toBeGreaterThan(0)
    expect(must(await queue.counts()).waiting).toBe(4000)
    expect(must(await claim.extend())).toBe('held')
  })

  test('is a replica says so', async () => {
    const primary = await serverOf()
    const settings = ['--replicaof', `127.0.0.1 ${primary.port}`, '--masterauth', primary.password]
    const queue = await openQueue((await serverOf(...settings)).url)
    expect(await failureOf(queue.add(jobs('a')))).toMatch(
      /is a replica, which takes no writes .*Name the primary/,
    )
  })
})
