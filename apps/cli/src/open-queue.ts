/** The queue of many machines, loaded only where one is named: without `--queue` nothing of Redis is. */
import type { Queue } from '@laperm/queue'
import { renderQueueError } from '@laperm/queue'
import { parseRunJob, type RunJob } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import type { FlagValues } from './command.ts'
import { type Failure, usageError } from './failure.ts'
import { needing } from './flag-relations.ts'
import { number, text } from './flags.ts'
import { readAuthority } from './read-authority.ts'
import type { Terminal } from './terminal.ts'

/** Flags of commands that use such a queue. */
export const queueFlags = {
  queue: text('<redis://...>', 'a queue on Redis that many machines share (or rediss:// with TLS)'),
  queueCa: needing(
    text(
      '<file.pem>',
      "certificate of the authority of Redis's certificate, where it is one of your own (default: LAPERM_QUEUE_CA)",
    ),
    'queue',
  ),
  queuePrefix: needing(text('<text>', 'what the keys of the queue begin with (default: laperm)'), 'queue'),
  leaseSeconds: needing(
    number(
      'a run whose worker says nothing for this long goes to another (default: 120)',
      'a number of at least 1',
      (value) => value >= 1 && Number.isFinite(value),
    ),
    'queue',
  ),
}

/** Longer than networks are usually away for. */
const usualLeaseSeconds = 120

const remedies = {
  password: 'in LAPERM_QUEUE_PASSWORD (or in the URL, which every user of the machine can read)',
  authority: 'in LAPERM_QUEUE_CA or with --queue-ca',
}

/**
 * Open the queue.
 *
 * @param runs where this machine has the runs' directory: jobs name it as the machine does that put them in. Null leaves it as they say.
 */
export const openQueue = async (
  url: string,
  { queueCa, queuePrefix: prefix, leaseSeconds = usualLeaseSeconds }: FlagValues<typeof queueFlags>,
  runs: string | null,
  terminal: Terminal,
): Promise<E.Either<Failure, Queue<RunJob>>> => {
  const { openRedisQueue, parseRedisUrl } = await import('@laperm/queue-redis')
  const endpoint = parseRedisUrl(url, terminal.environment['LAPERM_QUEUE_PASSWORD'] || null)
  if (E.isLeft(endpoint)) return E.left(usageError(renderQueueError(endpoint.left)))
  const authority = endpoint.right.tls ? await readAuthority(queueCa, terminal.environment) : E.right(null)
  if (E.isLeft(authority)) return authority
  return openRedisQueue<RunJob>({
    endpoint: endpoint.right,
    parseJob: (value) =>
      E.map((job: RunJob): RunJob => (runs === null ? job : { ...job, directory: runs }))(parseRunJob(value)),
    leaseMs: leaseSeconds * 1000,
    authority: authority.right,
    remedies,
    ...(prefix === undefined ? {} : { prefix }),
    report: terminal.err,
  })()
}
