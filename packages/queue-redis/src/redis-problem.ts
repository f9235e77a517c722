/** What Redis, the network or TLS says, in words for people. */
import { type QueueUnavailable, queueUnavailable } from '@laperm/queue'
import type { RedisEndpoint } from './redis-endpoint.ts'

interface Problem {
  /** Of the message or the code of an error. */
  readonly sign: RegExp
  readonly reason: string
  readonly remedy: string
}

/** Also what a Redis without TLS answers to a greeting of TLS. */
const silence: Problem = {
  sign: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|connect timeout/,
  reason: 'it does not answer',
  remedy: 'Look at the network and at firewalls, or correct host and port.',
}

const problems: readonly Problem[] = [
  {
    sign: /WRONGPASS|invalid password/,
    reason: 'Redis refuses this user and password',
    remedy: 'Give the right ones: redis://user:password@host, or the password apart from the URL.',
  },
  {
    sign: /NOAUTH|without any password configured/,
    reason: 'Redis and this program do not agree on whether there is a password',
    remedy: 'Give a password where Redis wants one (redis://:password@host), and none where it has none.',
  },
  {
    sign: /NOPERM/,
    reason: 'this user of Redis may not do that',
    remedy: 'Let it use all commands on the keys of the queue (ACL SETUSER).',
  },
  {
    sign: /READONLY/,
    reason: 'this Redis is a replica, which takes no writes',
    remedy: 'Name the primary.',
  },
  {
    sign: /OOM|maxmemory/,
    reason: 'Redis is full: it has reached its maxmemory and takes no more',
    remedy: 'Raise its maxmemory, or make room in it; what it holds already stays, and adding again goes on.',
  },
  {
    sign: /MISCONF/,
    reason: 'Redis cannot write to its disk, and takes no more until it can',
    remedy: 'Make room on its disk; its log says what was wrong.',
  },
  {
    sign: /ECONNREFUSED/,
    reason: 'nothing listens there',
    remedy: 'Start Redis, or correct host and port.',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN/,
    reason: 'there is no host of this name',
    remedy: 'Correct it, or look at the network.',
  },
  silence,
  {
    sign: /certificate|CERT_|self.signed|wrong version number|packet length too long|SSL/i,
    reason: 'the encrypted connection cannot be made',
    remedy:
      'Write redis:// where Redis has no TLS; where its certificate is of your own authority, name that in NODE_EXTRA_CA_CERTS.',
  },
]

/** The text of an error with those that it stands for: a refused transaction says only in them why. */
const textOf = (error: Error): string => {
  const { previousErrors } = error as { readonly previousErrors?: readonly Error[] }
  const code = 'code' in error ? ` ${error.code}` : ''
  return [`${error.message}${code}`, ...(previousErrors ?? []).map(({ message }) => message)].join('; ')
}

/** Of Redis or of the way to it; anything else is a mistake of this program. */
const isForeign = (error: Error): boolean =>
  error.name === 'ReplyError' ||
  error.name === 'AbortError' ||
  'syscall' in error ||
  'errno' in error ||
  /Connection is closed|Connection closed|max retries/i.test(error.message)

/**
 * An error of Redis, the network or TLS as a record.
 *
 * @param cause why the connection broke, where the error only says that it did.
 * @returns null for an error that is none of these.
 */
export const redisProblem = (
  { name, tls }: Pick<RedisEndpoint, 'name' | 'tls'>,
  error: Error,
  cause: Error | null,
): QueueUnavailable | null => {
  for (const told of [error, ...(cause === null ? [] : [cause])]) {
    const known = problems.find(({ sign }) => sign.test(textOf(told)))
    if (known === undefined) continue
    const withoutTls = tls && known === silence ? ' Write redis:// where Redis has no TLS.' : ''
    return queueUnavailable(name, `${known.reason} (${told.message})`, known.remedy + withoutTls)
  }
  if (!isForeign(error)) return null
  return queueUnavailable(
    name,
    cause === null || cause === error ? error.message : `${error.message} (${cause.message})`,
    'Look at the log of Redis and at the network, then try again.',
  )
}
