/** What Redis, the network or TLS says, in words for people. */
import { type QueueUnavailable, queueUnavailable } from '@laperm/queue'
import type { RedisEndpoint } from './redis-endpoint.ts'

/** How a remedy says what whoever opened the queue can do, in their own words; each completes a sentence. */
export interface RedisRemedies {
  /** `Give a password ...`: where to. */
  readonly password: string
  /** `Name the certificate of its authority ...`: where. */
  readonly authority: string
}

/** For programs that open the queue. */
export const neutralRedisRemedies: RedisRemedies = {
  password: 'as the second argument of parseRedisUrl, or in the URL (redis://user:password@host)',
  authority: 'in the option authority',
}

interface Problem {
  /** Of the message or the code of an error. */
  readonly sign: RegExp
  readonly reason: string
  readonly remedy: string
}

/** Also what a Redis without TLS answers to a greeting of TLS. */
const silence: Problem = {
  sign: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|connect timeout|Socket timeout/,
  reason: 'it does not answer',
  remedy: 'Look at the network and at firewalls, or correct host and port.',
}

/** Also what a Redis with TLS does without a greeting, or without a certificate of ours where it wants one. */
const closing: Problem = {
  sign: /certificate[ _]required|handshake failure|ECONNRESET|EPIPE|Connection is closed/i,
  reason: 'it closes the connection',
  remedy: 'Its log says why.',
}

/** What else it may be, by whether the connection is encrypted. */
const perhaps = (problem: Problem, isEncrypted: boolean): string => {
  if (problem === silence && isEncrypted) return ' Write redis:// where Redis has no TLS.'
  if (problem !== closing) return ''
  return isEncrypted
    ? ' Where it wants certificates of those who come, set tls-auth-clients to no there: a password tells who comes.'
    : ' Write rediss:// where Redis has TLS.'
}

const problemsFor = ({ password, authority }: RedisRemedies): readonly Problem[] => [
  {
    sign: /WRONGPASS|invalid password/,
    reason: 'Redis refuses this user and password',
    remedy: `Give the right password ${password}.`,
  },
  {
    sign: /NOAUTH/,
    reason: 'Redis wants a password, and none was given',
    remedy: `Give a password ${password}.`,
  },
  {
    sign: /without any password configured/,
    reason: 'a password was given, but Redis has none for this user',
    remedy: 'Leave it out, or set one there (requirepass).',
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
    sign: /ALTNAME_INVALID|altnames/,
    reason: 'its certificate is of another host',
    remedy: 'Name the host as its certificate does, or give it a certificate of this name.',
  },
  {
    sign: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    reason: 'its certificate is not valid today',
    remedy: "Renew it, or correct this machine's clock.",
  },
  {
    sign: /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_(SIGNATURE|UNTRUSTED)/,
    reason: 'its certificate is of an authority that is not trusted here',
    remedy: `Name the certificate of its authority ${authority}; that of another one means that this is another server.`,
  },
  closing,
  {
    sign: /wrong version number|packet length too long|EPROTO|SSL|TLS/i,
    reason: 'the encrypted connection cannot be made',
    remedy: 'Write redis:// where Redis has no TLS, or correct the port.',
  },
]

/** The text of an error with those that it stands for: a refused transaction says only in them why. */
const textOf = (error: Error): string => {
  const { previousErrors } = error as { readonly previousErrors?: readonly Error[] }
  const code = 'code' in error ? ` ${error.code}` : ''
  return [`${error.message}${code}`, ...(previousErrors ?? []).map(({ message }) => message)].join('; ')
}

/** What an error says, in one line: OpenSSL's messages end with a line break. */
const lineOf = ({ message }: Error): string => message.replaceAll(/\s+/g, ' ').trim()

/** Of Redis or of the way to it; anything else is a mistake of this program. */
const isForeign = (error: Error): boolean =>
  error.name === 'ReplyError' ||
  error.name === 'AbortError' ||
  'syscall' in error ||
  'errno' in error ||
  /^(ERR_(SSL|TLS)|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(String('code' in error ? error.code : '')) ||
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
  remedies: RedisRemedies,
): QueueUnavailable | null => {
  const problems = problemsFor(remedies)
  // The cause first: the error may say no more than that the connection is closed.
  for (const told of [...(cause === null ? [] : [cause]), error]) {
    const known = problems.find(({ sign }) => sign.test(textOf(told)))
    if (known === undefined) continue
    return queueUnavailable(name, `${known.reason} (${lineOf(told)})`, known.remedy + perhaps(known, tls))
  }
  if (!isForeign(error)) return null
  return queueUnavailable(
    name,
    cause === null || cause === error ? lineOf(error) : `${lineOf(error)} (${lineOf(cause)})`,
    'Look at the log of Redis and at the network, then try again.',
  )
}
