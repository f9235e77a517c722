/** The store on S3 and on what speaks its protocol. */
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3'
import {
  answersOf,
  checkObjectName,
  isObjectName,
  type ObjectStore,
  type ReadObject,
  type StoredObject,
  storeUnavailable,
  type WriteCondition,
  type Written,
} from '@laperm/store'
import { either as E } from 'fp-ts'
import { makeS3Client, type S3Service, serverTimeOf } from './s3-client.ts'
import type { S3Place } from './s3-place.ts'
import { attemptsOf, s3Problem, statusOf } from './s3-problem.ts'
import { uploadFile } from './upload-file.ts'

/** Broken downloads begin again so often. */
const mostDownloads = 3
const probeName = '.laperm-conditions'

const conditionHeaders = (condition: WriteCondition) =>
  condition.kind === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.version }

const isMissing = (error: unknown): boolean => error instanceof Error && error.name === 'NoSuchKey'

/** A condition that did not hold; 409: another write to the object is under way. */
const isRefusal = (error: unknown): boolean => [409, 412].includes(statusOf(error) ?? 0) || isMissing(error)

/** What S3 refuses. */
const answering = answersOf(s3Problem)

/**
 * Open a store. Nothing is asked of it before the first call.
 *
 * Conditional writes are proven by the first one: a service that does not keep them is refused then, since two machines could not be told apart.
 */
export const openS3Store = ({ bucket, prefix, name }: S3Place, service: S3Service = {}): ObjectStore => {
  const client = makeS3Client(service)
  const start = prefix === '' ? '' : `${prefix}/`
  const targetOf = (object: string) => ({ Bucket: bucket, Key: start + checkObjectName(object) })
  const get = async (object: string): Promise<GetObjectCommandOutput | null> => {
    try {
      return await client.send(new GetObjectCommand(targetOf(object)))
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }
  const put = async (object: string, bytes: Uint8Array, condition: WriteCondition): Promise<Written> => {
    try {
      const target = { ...targetOf(object), ...conditionHeaders(condition) }
      const { ETag } = await client.send(new PutObjectCommand({ ...target, Body: bytes }))
      return { kind: 'written', version: ETag ?? '' }
    } catch (error) {
      if (!isRefusal(error)) throw error
      // The answer to an earlier try may have been lost on its way: then it is our own write that is in the way.
      if (attemptsOf(error) > 1) {
        const there = await get(object)
        const found = await there?.Body?.transformToByteArray()
        if (found !== undefined && Buffer.compare(found, bytes) === 0)
          return { kind: 'written', version: there?.ETag ?? '' }
      }
      return { kind: 'refused' }
    }
  }

  const keepsConditions = async (): Promise<boolean> => {
    const tries: readonly WriteCondition[] = [
      { kind: 'absent' },
      { kind: 'absent' },
      { kind: 'version', version: '"00000000000000000000000000000000"' },
    ]
    const [, second, third] = [
      await put(probeName, new Uint8Array(), tries[0]),
      await put(probeName, new Uint8Array(), tries[1]),
      await put(probeName, new Uint8Array(), tries[2]),
    ]
    return second.kind === 'refused' && third.kind === 'refused'
  }
  let probed: Promise<boolean> | null = null
  const probe = (): Promise<boolean> => {
    const asked = probed ?? keepsConditions()
    probed = asked
    // A server that was away is asked again.
    asked.catch(() => {
      probed = null
    })
    return asked
  }

  const download = async (object: string, path: string): Promise<boolean> => {
    for (let attempt = 1; ; attempt++) {
      const found = await get(object)
      if (found === null) return false
      try {
        if (!(found.Body instanceof Readable)) throw new TypeError('S3 gives streams in Node')
        const file = createWriteStream(path)
        await pipeline(found.Body, file)
        if (found.ContentLength === undefined || file.bytesWritten === found.ContentLength) return true
        throw new Error(`premature close after ${file.bytesWritten} of ${found.ContentLength} bytes`)
      } catch (error) {
        await rm(path, { force: true })
        if (attempt === mostDownloads || s3Problem(name, error)?.isPassing !== true) throw error
      }
    }
  }

  return {
    name,
    list: (below) =>
      answering(name, async () => {
        const objects: StoredObject[] = []
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: start + below }))
          for (const { Key = '', Size = 0 } of page.Contents ?? []) {
            const object = Key.slice(start.length)
            if (isObjectName(object) && object !== probeName) objects.push({ name: object, sizeBytes: Size })
          }
        return E.right(objects.sort((one, other) => (one.name < other.name ? -1 : 1)))
      }),
    read: (object, mostBytes) =>
      answering<ReadObject | null>(`${name}/${object}`, async () => {
        const found = await get(object)
        if (found === null) return E.right(null)
        const { Body, ContentLength = 0, ETag = '', LastModified } = found
        if (ContentLength > mostBytes) {
          if (Body instanceof Readable) Body.destroy()
          return E.left(
            storeUnavailable(
              `${name}/${object}`,
              `it has ${ContentLength} bytes, but at most ${mostBytes} are read`,
              'Something else was put there: remove it.',
            ),
          )
        }
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
        if (bytes.length !== ContentLength)
          throw new Error(`premature close after ${bytes.length} of ${ContentLength} bytes`)
        const now = serverTimeOf(found)
        return E.right({ bytes, version: ETag, ageMs: now - (LastModified?.getTime() ?? now) })
      }),
    write: (object, bytes, condition) =>
      answering(`${name}/${object}`, async () =>
        (await probe())
          ? E.right(await put(object, bytes, condition))
          : E.left(
              storeUnavailable(
                name,
                'it takes writes whose condition does not hold (If-None-Match, If-Match), by which a run has one writer',
                'Use a service that keeps them, as AWS S3, MinIO and Cloudflare R2 do, or a shared directory.',
              ),
            ),
      ),
    fetch: (object, path) =>
      answering(`${name}/${object}`, async () => E.right(await download(object, path))),
    upload: (object, path) =>
      answering(`${name}/${object}`, async () => E.right(await uploadFile(client, targetOf(object), path))),
    remove: (object) =>
      answering(`${name}/${object}`, async () => {
        await client.send(new DeleteObjectCommand(targetOf(object)))
        return E.right(undefined)
      }),
    close: async () => client.destroy(),
  }
}
