/** A connection that comes back by itself for a while, and then says why it cannot. */
import { rootCertificates } from 'node:tls'
import { type QueueUnavailable, queueUnavailable } from '@laperm/queue'
import { either as E, type taskEither as TE } from 'fp-ts'
import { Redis } from 'ioredis'
import type { RedisEndpoint } from './redis-endpoint.ts'
import { type RedisRemedies, redisProblem } from './redis-problem.ts'

/** How a connection bears a network that breaks. */
export interface ConnectionOptions {
  /** A connection that was lost is tried again for this long. */
  readonly patienceMs: number
  /** A connection on which Redis does not answer for this long is taken for dead, and made anew. */
  readonly silenceMs: number
  /** Certificate of an authority that is trusted beside those of Node, as PEM; null for none. */
  readonly authority: string | null
  readonly remedies: RedisRemedies
  /** Told, in a sentence, that the connection is lost, and that it is back. */
  readonly report: (message: string) => void
}

/** An open connection. */
export interface RedisConnection {
  readonly client: Redis
  /** Whether it was given up. */
  readonly isOver: () => boolean
  /** Ask, and put what Redis and the network answer into a record; errors that are not theirs are thrown on. */
  readonly ask: <A>(question: () => Promise<A>) => Promise<E.Either<QueueUnavailable, A>>
  readonly close: () => void
}

const connectTimeoutMs = 10_000
const longestPauseMs = 2000
/** What the queue's scripts need. */
const oldestRedis = [6, 2]

/** Why this Redis must not hold a queue; null where it may. @param info what INFO answers. */
const unfit = (name: string, info: string): QueueUnavailable | null => {
  const field = (key: string) => new RegExp(`^${key}:(.*?)\r?$`, 'm').exec(info)?.[1]
  const version = field('redis_version')
  const [major, minor] = (version ?? '').split('.').map(Number)
  if (
    version !== undefined &&
    (major < oldestRedis[0] || (major === oldestRedis[0] && minor < oldestRedis[1]))
  )
    return queueUnavailable(
      name,
      `it is Redis ${version}, but the queue needs ${oldestRedis.join('.')} or newer`,
      'Update it, or name another one.',
    )
  const policy = field('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction' && field('maxmemory') !== '0')
    return queueUnavailable(
      name,
      `its maxmemory-policy is ${policy}, so that it throws jobs and locks away when it is full`,
      'Set maxmemory-policy to noeviction there, or name a Redis that has it.',
    )
  return null
}

/**
 * Connect, and see that this Redis can hold a queue.
 *
 * @returns `Left` at once where it cannot be reached or refuses: patience is for connections that stood before.
 */
export const connectRedis =
  (
    { name, host, port, tls, username, password, database }: RedisEndpoint,
    { patienceMs, silenceMs, authority, remedies, report }: ConnectionOptions,
  ): TE.TaskEither<QueueUnavailable, RedisConnection> =>
  async () => {
    let stood = false
    let lostAt: number | null = null
    let cause: Error | null = null
    let isClosed = false
    const client = new Redis({
      host,
      port,
      db: database,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(tls ? { tls: authority === null ? {} : { ca: [...rootCertificates, authority] } } : {}),
      connectTimeout: Math.min(connectTimeoutMs, patienceMs),
      // A router that was started anew tells nobody that it has forgotten a connection.
      socketTimeout: silenceMs,
      // Questions wait for the connection; it, not they, is given up.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => {
        const waited = lostAt === null ? 0 : performance.now() - lostAt
        return stood && waited < patienceMs ? Math.min(50 * 2 ** times, longestPauseMs) : null
      },
    })
    client.on('error', (error: Error) => {
      cause = error
    })
    client.on('close', () => {
      if (!stood || isClosed || lostAt !== null) return
      lostAt = performance.now()
      report(`The connection to ${name} is lost; it is tried again for ${Math.round(patienceMs / 1000)} s.`)
    })
    client.on('ready', () => {
      if (lostAt !== null) report(`The connection to ${name} is back.`)
      stood = true
      lostAt = null
      cause = null
    })
    const ask: RedisConnection['ask'] = async (question) => {
      try {
        return E.right(await question())
      } catch (error) {
        if (!(error instanceof Error)) throw error
        const problem = redisProblem({ name, tls }, error, cause, remedies)
        if (problem === null) throw error
        return E.left(problem)
      }
    }
    const close = (): void => {
      isClosed = true
      client.disconnect()
    }
    const connected = await ask(
      () =>
        // Not `lazyConnect` and `connect()`: BullMQ's copies of this client would take a first break of their connection for its end.
        new Promise<void>((resolve, reject) => {
          client.once('ready', resolve)
          client.once('end', () => reject(cause ?? new Error('Connection is closed.')))
        }),
    )
    if (E.isLeft(connected)) {
      close()
      return connected
    }
    // A user that may not ask is not refused for it.
    const reason = unfit(name, await client.info().catch(() => ''))
    if (reason === null) return E.right({ client, isOver: () => client.status === 'end', ask, close })
    close()
    return E.left(reason)
  }
