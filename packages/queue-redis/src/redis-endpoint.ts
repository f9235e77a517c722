/** Where a Redis is, out of a URL; and texts about it that hold no password. */
import { type QueueUnavailable, queueUnavailable } from '@laperm/queue'
import { either as E } from 'fp-ts'

/** Where a Redis is, and who comes. */
export interface RedisEndpoint {
  readonly host: string
  readonly port: number
  /** Encrypted (`rediss:`). The server's certificate must be of an authority that Node trusts, or of one that the queue is opened with. */
  readonly tls: boolean
  readonly username: string | null
  readonly password: string | null
  /** Redis's numbered databases. */
  readonly database: number
  /** For people, without secrets: `redis at host:6379`. */
  readonly name: string
}

const defaultPort = 6379
const shape =
  'redis://host:6379/0, or rediss:// with TLS, with user:password@ before the host where one is wanted'

/** A URL for people: whatever stands before an @ may be a secret, and so may what stands where a port would. */
export const withoutSecrets = (url: string): string => {
  const at = url.lastIndexOf('@')
  const scheme = /^[a-z]+:(\/\/)?/i.exec(url)?.[0] ?? ''
  if (at !== -1) return `${scheme}***${url.slice(at).split('?')[0]}`
  const [place = ''] = url.slice(scheme.length).split('?')
  return `${scheme}${/^(\[[\d:a-f]*\]|[^:]*)(:\d{1,5})?(\/[^:]*)?$/i.test(place) ? place : '***'}`
}

const decode = (text: string): string | null => (text === '' ? null : decodeURIComponent(text))

/**
 * Read a URL such as `redis://:password@host:6379/0`.
 *
 * @param password instead of the one in the URL, which every user of the machine can read in a list of processes.
 * @returns `Left` in words, with the URL but never its password.
 */
export const parseRedisUrl = (
  url: string,
  password: string | null = null,
): E.Either<QueueUnavailable, RedisEndpoint> => {
  const refuse = (reason: string) =>
    E.left(queueUnavailable(`'${withoutSecrets(url)}'`, reason, `Write it as ${shape}.`))
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return refuse('this is not a URL')
  }
  const { protocol, hostname, port, pathname, search, hash } = parsed
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    return refuse(`a queue's URL begins with redis:// or rediss://, not ${protocol}`)
  if (hostname === '') return refuse('the URL names no host')
  if (search !== '' || hash !== '') return refuse('the URL takes nothing behind ? or #')
  const database = /^\/?(\d{0,5})$/.exec(pathname)?.[1]
  if (database === undefined) return refuse("behind the port only a database's number can stand")
  try {
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    const number = port === '' ? defaultPort : Number(port)
    return E.right({
      host,
      port: number,
      tls: protocol === 'rediss:',
      username: decode(parsed.username),
      password: password ?? decode(parsed.password),
      database: Number(database),
      name: `redis at ${hostname}:${number}${Number(database) === 0 ? '' : `/${Number(database)}`}`,
    })
  } catch {
    return refuse('its user or password has a % that begins no escape; write % itself as %25')
  }
}
