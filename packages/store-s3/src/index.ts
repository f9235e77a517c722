/** The store of runs on S3 and what speaks its protocol. */
export type { S3Service } from './s3-client.ts'
export { parseS3Url, type S3Place } from './s3-place.ts'
export { openS3Store } from './s3-store.ts'
