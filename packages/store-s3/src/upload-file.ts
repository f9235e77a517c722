/** Sending a file to S3 with bounded memory: in one request, or a part after the other. */
import { type FileHandle, open } from 'node:fs/promises'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/** Of S3: a part other than the last has at least 5 MiB, and there are at most 10,000. */
const usualPartBytes = 8 * 1024 * 1024
const mostParts = 10_000

/** Bytes of a file. @throws where it has become shorter. */
const readPart = async (file: FileHandle, from: number, length: number): Promise<Buffer> => {
  const part = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(part, filled, length - filled, from + filled)
    if (bytesRead === 0) throw new Error('the file became shorter while it was uploaded')
    filled += bytesRead
  }
  return part
}

const uploadParts = async (
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  file: FileHandle,
  sizeBytes: number,
): Promise<void> => {
  const partBytes = Math.max(usualPartBytes, Math.ceil(sizeBytes / mostParts))
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  try {
    const parts: CompletedPart[] = []
    for (let from = 0; from < sizeBytes; from += partBytes) {
      const Body = await readPart(file, from, Math.min(partBytes, sizeBytes - from))
      const PartNumber = parts.length + 1
      const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }))
      parts.push({ ETag, PartNumber })
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
    )
  } catch (error) {
    // What was sent would be kept and paid for.
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined)
    throw error
  }
}

/** Upload a file as it is now. Memory: one part. */
export const uploadFile = async (
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  path: string,
): Promise<void> => {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > usualPartBytes) return await uploadParts(client, target, file, size)
    await client.send(new PutObjectCommand({ ...target, Body: await readPart(file, 0, size) }))
  } finally {
    await file.close()
  }
}
