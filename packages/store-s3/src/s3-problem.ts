/** What S3, the network or the credentials say, in words for people. */
import { type StoreUnavailable, storeAway, storeUnavailable } from '@laperm/store'

interface Problem {
  /** Of the error's name, code or message. */
  readonly sign: RegExp
  readonly reason: string
  readonly remedy: string
  readonly isPassing?: true
}

const problems: readonly Problem[] = [
  {
    sign: /CredentialsProviderError|Could not load credentials|Resolved credential object is not valid/,
    reason: 'there are no credentials for it',
    remedy: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
  },
  {
    sign: /InvalidAccessKeyId|InvalidClientTokenId|AuthFailure|UnrecognizedClient/,
    reason: 'it does not know this access key',
    remedy: 'Correct AWS_ACCESS_KEY_ID; a key of another service needs its endpoint (--endpoint).',
  },
  {
    sign: /SignatureDoesNotMatch/,
    reason: 'the secret key does not belong to this access key',
    remedy: 'Correct AWS_SECRET_ACCESS_KEY.',
  },
  {
    sign: /ExpiredToken|InvalidToken|TokenRefreshRequired/,
    reason: 'the session of these credentials is over',
    remedy: 'Get new ones; AWS_SESSION_TOKEN belongs to its keys.',
  },
  {
    sign: /RequestTimeTooSkewed/,
    reason: "this machine's clock is too far from the store's",
    remedy: 'Set the clock of this machine right.',
  },
  {
    sign: /AccessDenied|Forbidden|AllAccessDisabled/,
    reason: 'these credentials may not do that',
    remedy: 'Let them list the bucket, and get, put and delete objects below the prefix.',
  },
  {
    sign: /NoSuchBucket/,
    reason: 'there is no such bucket',
    remedy: 'Make it, or correct its name and the endpoint (--endpoint, AWS_ENDPOINT_URL).',
  },
  {
    sign: /PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|Region is missing/,
    reason: 'the bucket is in another region',
    remedy: 'Name its region in AWS_REGION.',
  },
  {
    sign: /StorageFull|QuotaExceeded|InsufficientStorage/,
    reason: 'it is full',
    remedy: 'Make room in it; what it holds is whole.',
  },
  {
    sign: /ECONNREFUSED/,
    reason: 'nothing listens there',
    remedy: 'Start it, or correct the endpoint (--endpoint, AWS_ENDPOINT_URL).',
    isPassing: true,
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN/,
    reason: 'there is no host of this name',
    remedy: 'Correct the endpoint (--endpoint, AWS_ENDPOINT_URL), or look at the network.',
    isPassing: true,
  },
  {
    sign: /certificate|CERT_|self.signed|wrong version number|packet length too long|SSL/i,
    reason: 'the encrypted connection cannot be made',
    remedy: 'Write http:// where it has no TLS; NODE_EXTRA_CA_CERTS names an authority of your own.',
  },
  {
    sign: /TimeoutError|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE|socket hang up|aborted|premature close/i,
    reason: 'it does not answer',
    remedy: 'Look at the network and at the store, then try again.',
    isPassing: true,
  },
]

const field = (error: Error, name: string): string => {
  const value = (error as Error & Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : ''
}

/** The status that a server answered with; null where none did. */
export const statusOf = (error: unknown): number | null => {
  const { $metadata } = Object(error) as { readonly $metadata?: { readonly httpStatusCode?: number } }
  return $metadata?.httpStatusCode ?? null
}

/** How often the client tried before it gave up. */
export const attemptsOf = (error: unknown): number => {
  const { $metadata } = Object(error) as { readonly $metadata?: { readonly attempts?: number } }
  return $metadata?.attempts ?? 1
}

/**
 * An error of S3, the network or the credentials as a record. What S3 says in its own words is left out where the error is known: it may repeat what
 * it was given.
 *
 * @param place the store or the object.
 * @returns null for an error that is none of these, which is a mistake of this program.
 */
export const s3Problem = (place: string, error: unknown): StoreUnavailable | null => {
  if (!(error instanceof Error)) return null
  const status = statusOf(error)
  const told = `${error.name} ${field(error, 'Code')} ${field(error, 'code')} ${error.message}`
  const known = problems.find(({ sign }) => sign.test(told))
  if (known !== undefined) {
    const { reason, remedy, isPassing = false } = known
    const code = error.name === 'Error' ? field(error, 'code') : error.name
    return (isPassing ? storeAway : storeUnavailable)(
      place,
      code === '' ? reason : `${reason} (${code})`,
      remedy,
    )
  }
  if (status === 403)
    return storeUnavailable(place, 'these credentials may not do that (403)', 'Give others.')
  if (status === null) return null
  const reason = `it answers ${error.name} (${status})`
  return status >= 500 || status === 429
    ? storeAway(place, reason, 'Try again later, or look at its log.')
    : storeUnavailable(place, reason, 'Look at its log, and whether it speaks the protocol of S3.')
}
