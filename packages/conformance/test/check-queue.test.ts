import { makeLocalQueue } from '@laperm/queue'
import { expect, test } from 'vitest'
import { checkQueue, queueLawNames, renderQueueReport } from '../src/queue/index.ts'
import { brokenQueues, localSubject } from './broken-queues.ts'

test('the queue of one process keeps every law that needs no store', async () => {
  const report = await checkQueue(localSubject('local', makeLocalQueue))
  expect(renderQueueReport(report)).toContain('Queue local keeps the laws of queues.')
  expect(report.leftOut).toEqual(['a stored job of another version is given to nobody and fails'])
  expect(report.laws).toHaveLength(queueLawNames.length - 1)
})

test.concurrent.each(brokenQueues)(
  'a queue that $fault breaks what it must',
  async ({ make, breaks, store }) => {
    const report = await checkQueue({ ...localSubject('broken', make, store), leaseMs: 150 })
    expect(report.laws.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(breaks)
  },
)
