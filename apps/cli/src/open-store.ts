/** The store that many machines keep runs in, loaded only where one is named: without `--store s3://...` no client of S3 is needed. */
import { type ObjectStore, openDirectoryStore, type StoreUnavailable } from '@laperm/store'
import { either as E } from 'fp-ts'
import type { FlagValues } from './command.ts'
import { type Failure, usageError } from './failure.ts'
import { text } from './flags.ts'

/** Flags of commands that use a store. */
export const storeFlags = {
  store: text(
    '<s3://bucket/prefix>',
    'keep runs in this store, too, and go on from there: S3, or a directory that machines share',
  ),
  endpoint: text('<url>', 'an S3 service other than AWS (or set AWS_ENDPOINT_URL)'),
}
export type StoreFlags = FlagValues<typeof storeFlags>

const isUrl = (text: string): boolean => /^[a-z0-9]+:\/\//i.test(text)

/** Whether the module is not installed, and not that something in it is broken. */
const isNotInstalled = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'

const openS3 = async (
  url: string,
  endpoint: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<E.Either<Failure, ObjectStore>> => {
  const loaded = await import('@laperm/store-s3').catch((error: unknown) => {
    if (!isNotInstalled(error)) throw error
    return null
  })
  if (loaded === null)
    return E.left(
      usageError(
        'A store on S3 needs the package @laperm/store-s3, which is not installed. Install it beside laperm: npm install @laperm/store-s3',
      ),
    )
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = environment
  const service = {
    endpoint: endpoint ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL,
    region: AWS_REGION ?? AWS_DEFAULT_REGION,
  }
  if (service.endpoint !== undefined && !URL.canParse(service.endpoint))
    return E.left(
      usageError(
        `The endpoint '${service.endpoint}' is no URL. Write it as https://host or http://host:port.`,
      ),
    )
  return E.map((place: Parameters<typeof loaded.openS3Store>[0]) => loaded.openS3Store(place, service))(
    loaded.parseS3Url(url) as E.Either<StoreUnavailable, Parameters<typeof loaded.openS3Store>[0]>,
  )
}

/** Open the store that the flags name; null where they name none. Nothing is asked of it yet. */
export const openStore = async (
  { store, endpoint }: StoreFlags,
  environment: NodeJS.ProcessEnv,
): Promise<E.Either<Failure, ObjectStore | null>> => {
  if (store === undefined)
    return endpoint === undefined
      ? E.right(null)
      : E.left(usageError('--endpoint belongs to a store: add --store s3://bucket/prefix.'))
  return isUrl(store) ? openS3(store, endpoint, environment) : E.right(openDirectoryStore(store))
}
