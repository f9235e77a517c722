/** The client of S3, set up for stores of any maker. */
import { S3Client } from '@aws-sdk/client-s3'

/** Which service, beside what AWS's own variables and files say. */
export interface S3Service {
  /** `https://host:port` of a service other than AWS; its buckets are named in the path. Default: AWS. */
  readonly endpoint?: string | undefined
  /** Default: as AWS's files say; with an endpoint `us-east-1`, which those without regions take. */
  readonly region?: string | undefined
}

const mostAttempts = 4
const connectMs = 5000
/** A server that says nothing for this long is away. */
const silenceMs = 30_000

/** Where responses keep the `Date` of the server that sent them. */
const serverTimes = new WeakMap<object, number>()

/** By the store's clock, when it answered; by this machine's where the store did not say. */
export const serverTimeOf = (output: object): number => serverTimes.get(output) ?? Date.now()

interface HttpResponse {
  readonly headers?: Readonly<Record<string, string>>
}

/** Make a client. Credentials come from AWS's standard variables, files and roles; nothing here reads or keeps them. */
export const makeS3Client = ({ endpoint, region }: S3Service): S3Client => {
  const client = new S3Client({
    ...(endpoint === undefined
      ? { followRegionRedirects: true }
      : { endpoint, forcePathStyle: true, region: region ?? 'us-east-1' }),
    ...(region === undefined ? {} : { region }),
    maxAttempts: mostAttempts,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silenceMs },
    // Stores of other makers do not know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request)
      const date = (result.response as HttpResponse | undefined)?.headers?.date
      const time = date === undefined ? Number.NaN : Date.parse(date)
      if (!Number.isNaN(time) && result.output !== undefined) serverTimes.set(result.output, time)
      return result
    },
    { step: 'deserialize', name: 'keepServerTime', priority: 'high' },
  )
  return client
}
