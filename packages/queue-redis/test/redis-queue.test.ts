import { randomUUID } from 'node:crypto'
import { checkQueue, type LawJob, renderQueueReport } from '@laperm/conformance/queue'
import type { Queue as JobQueue, QueueOptions } from '@laperm/queue'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRedis, type RedisServer, startRedis } from '../../../test/devices/redis.ts'
import { openRedisQueue, parseRedisUrl } from '../src/index.ts'
import { must } from './fixture-queues.ts'

describe.runIf(hasRedis)('the queue on Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  test('keeps every law of queues', async () => {
    const endpoint = must(parseRedisUrl(server.url))
    const make = async (options: QueueOptions<LawJob> & { readonly leaseMs: number }) => {
      const prefix = randomUUID()
      const opened: JobQueue<LawJob>[] = []
      const client = new Redis(server.url, { maxRetriesPerRequest: null })
      return {
        open: async () => {
          const queue = must(await openRedisQueue({ ...options, endpoint, prefix })())
          opened.push(queue)
          return queue
        },
        store: async (value: { readonly identity: string }) => {
          const queue = new Queue('jobs', { connection: client, prefix })
          await queue.add('job', value, { jobId: value.identity })
          await queue.close()
        },
        remove: async () => {
          for (const queue of opened) await queue.close()
          client.disconnect()
        },
      }
    }
    const report = await checkQueue({ name: 'redis', make, leaseMs: 600 })
    console.log(renderQueueReport(report))
    expect(report.passed, renderQueueReport(report)).toBe(true)
    expect(report.leftOut).toEqual([])
  })
})
