/** Where a store on S3 is, out of a URL. */
import { isObjectName, type StoreUnavailable, storeUnavailable } from '@laperm/store'
import { either as E } from 'fp-ts'

/** A bucket, and what the keys in it begin with. */
export interface S3Place {
  readonly bucket: string
  /** Without a slash at its end; empty for the whole bucket. */
  readonly prefix: string
  /** For people: `s3://bucket/prefix`. */
  readonly name: string
}

const shape = 's3://bucket/prefix'

/** S3's rule for buckets' names. */
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/**
 * Read a URL such as `s3://bucket/prefix`.
 *
 * @returns `Left` in words; a user and password before an @ are never repeated.
 */
export const parseS3Url = (url: string): E.Either<StoreUnavailable, S3Place> => {
  const at = url.lastIndexOf('@')
  const shown = at === -1 ? url : `s3://***${url.slice(at)}`
  const refuse = (reason: string) => E.left(storeUnavailable(`'${shown}'`, reason, `Write it as ${shape}.`))
  const [, bucket, rest] = /^s3:\/\/([^/]*)(?:\/(.*))?$/.exec(url) ?? []
  if (bucket === undefined) return refuse('a store on S3 begins with s3://')
  if (bucket.includes('@'))
    return refuse(
      'credentials do not stand in the URL: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY hold them',
    )
  if (!bucketName.test(bucket))
    return refuse(
      bucket === '' ? 'it names no bucket' : "a bucket's name has 3 to 63 of a-z, 0-9, dots and hyphens",
    )
  const prefix = (rest ?? '').replace(/\/+$/, '')
  if (prefix !== '' && !isObjectName(prefix))
    return refuse('its prefix is made of letters, digits and ._-@=+ between single slashes')
  return E.right({ bucket, prefix, name: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}` })
}
