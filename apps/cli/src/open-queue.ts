/** The queue of many machines, loaded only where one is named: without `--queue` nothing of Redis is. */
import type { Queue } from '@laperm/queue'
import { parseRunJob, type RunJob } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import type { Failure } from './failure.ts'
import { number, text } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** Flags of commands that use such a queue. */
export const queueFlags = {
  queue: text('<redis://...>', 'a queue on Redis that many machines share (or rediss:// with TLS)'),
  queuePrefix: text('<text>', 'what the keys of the queue begin with (default: laperm)'),
  leaseSeconds: number(
    'a run whose worker says nothing for this long goes to another (default: 120)',
    'a number of at least 1',
    (value) => value >= 1 && Number.isFinite(value),
  ),
}

/** Which queue. */
export interface QueueChoice {
  readonly url: string
  readonly prefix: string | undefined
  readonly leaseSeconds: number | undefined
}

/** Longer than networks are usually away for. */
const usualLeaseSeconds = 120

/**
 * Open the queue.
 *
 * @param runs where this machine has the runs' directory: jobs name it as the machine does that put them in. Null leaves it as they say.
 */
export const openQueue = async (
  { url, prefix, leaseSeconds = usualLeaseSeconds }: QueueChoice,
  runs: string | null,
  terminal: Terminal,
): Promise<E.Either<Failure, Queue<RunJob>>> => {
  const { openRedisQueue, parseRedisUrl } = await import('@laperm/queue-redis')
  const endpoint = parseRedisUrl(url, terminal.environment['LAPERM_QUEUE_PASSWORD'] ?? null)
  if (E.isLeft(endpoint)) return endpoint
  return openRedisQueue<RunJob>({
    endpoint: endpoint.right,
    parseJob: (value) =>
      E.map((job: RunJob): RunJob => (runs === null ? job : { ...job, directory: runs }))(parseRunJob(value)),
    leaseMs: leaseSeconds * 1000,
    ...(prefix === undefined ? {} : { prefix }),
    report: terminal.err,
  })()
}
