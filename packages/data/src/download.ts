/**
 * Download one published file: several mirrors, resumed where it was cut, verified before it gets its name.
 *
 * What is at `target` afterwards is either the published bytes or what was there before. Half-arrived bytes are kept aside (see
 * `part-file.ts`) and thrown away as soon as they are known to be wrong.
 */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { DataProblem } from './data-problem.ts'
import type { PublishedBytes } from './datasets/dataset-descriptor.ts'
import { type ConnectionLimits, startClock } from './node/connection-clock.ts'
import { makeDirectories } from './node/make-directories.ts'
import { claimPart, discardPart, releasePart, replaceFile } from './node/part-file.ts'
import { MirrorFailed, requestRest } from './node/request-rest.ts'
import { checksumMismatch, type Fingerprint, fingerprintOfFile, isPublished } from './node/verify-bytes.ts'

/** How far a download is. */
export interface DownloadProgress {
  readonly file: string
  /** Including what an earlier download had left. */
  readonly receivedBytes: number
  readonly totalBytes?: number
}

export interface DownloadRequest extends ConnectionLimits {
  /** Where to get it, tried in order. */
  readonly urls: readonly string[]
  /** Path of the file; its folder is made. */
  readonly target: string
  readonly published: PublishedBytes
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A cut connection is taken up again so often at one mirror, as long as each attempt brings bytes. */
const attemptsPerMirror = 5

interface Arrived {
  readonly hash: Hash
  readonly sizeBytes: number
}

const hashPart = async (part: string, published: PublishedBytes): Promise<Arrived> => {
  const hash = createHash(published.algorithm)
  const found = await stat(part).catch(() => undefined)
  // As long as the file or longer: it cannot be the beginning of it, or only the rename is missing. Start over.
  if (found === undefined || found.size >= published.sizeBytes) return { hash, sizeBytes: 0 }
  for await (const chunk of createReadStream(part, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return { hash, sizeBytes: found.size }
}

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return cause === '' ? error.message : `${error.message} (${cause})`
}

/** The disk's failures as ours, naming the file: a full disk is not the network's fault. */
const onDisk = async <A>(file: string, work: Promise<A>): Promise<A> => {
  try {
    return await work
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DataProblem({ _tag: 'FileSystemFailed', file, reason })
  }
}

/** One connection: append what comes to the part file. Throws what cut it; the bytes that came stay. */
const receive = async (
  url: string,
  part: string,
  download: DownloadRequest,
): Promise<{ readonly found: Fingerprint; readonly resumed: boolean }> => {
  const { published, onProgress, target, signal } = download
  const clock = startClock(download)
  let handle: FileHandle | undefined
  try {
    let { hash, sizeBytes } = await onDisk(part, hashPart(part, published))
    const either = signal === undefined ? clock.signal : AbortSignal.any([clock.signal, signal])
    const { body, start } = await requestRest(url, sizeBytes, published.sizeBytes, either)
    if (start === 0) {
      hash = createHash(published.algorithm)
      sizeBytes = 0
    }
    /** Bytes that are here already: the range begins earlier than asked. */
    let known = sizeBytes - start
    handle = await onDisk(part, open(part, start === 0 ? 'w' : 'a'))
    for await (const arrived of body) {
      clock.arrived(arrived.length)
      const chunk = arrived.subarray(Math.min(known, arrived.length))
      known -= arrived.length - chunk.length
      if (sizeBytes + chunk.length > published.sizeBytes)
        throw new MirrorFailed(`sent more than the ${published.sizeBytes} bytes of the published file`, true)
      await onDisk(part, handle.writeFile(chunk))
      hash.update(chunk)
      sizeBytes += chunk.length
      onProgress?.({ file: basename(target), receivedBytes: sizeBytes, totalBytes: published.sizeBytes })
    }
    if (sizeBytes < published.sizeBytes)
      throw new Error(`the connection ended after ${sizeBytes} of ${published.sizeBytes} bytes`)
    await onDisk(part, handle.sync())
    return { found: { sizeBytes, checksum: hash.digest('hex') }, resumed: start > 0 }
  } finally {
    clock.stop()
    await handle?.close()
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/** Ask one mirror until it has given the whole file, fails for good, or brings nothing any more. */
const receiveFromMirror = async (
  url: string,
  part: string,
  download: DownloadRequest,
): Promise<Fingerprint> => {
  for (let attempt = 1; ; attempt++) {
    const before = await sizeOf(part)
    try {
      const { found, resumed } = await receive(url, part, download)
      if (isPublished(found, download.published) || !resumed) return found
      // The beginning may be at fault, left by another mirror or a crash: once more from the start.
      await discardPart(part)
    } catch (error) {
      if (download.signal?.aborted === true) throw error
      if (error instanceof MirrorFailed) {
        if (error.spoiled) await discardPart(part)
        throw error
      }
      if (error instanceof DataProblem) throw error
      if ((await sizeOf(part)) <= before || attempt >= attemptsPerMirror)
        throw new MirrorFailed(describe(error))
    }
  }
}

/**
 * Download a file to `target`.
 *
 * Each mirror is asked in turn; a cut connection is resumed with an HTTP range. The file gets its name (after fsync, by rename) only
 * when its checksum is the published one. What stood under that name before is kept aside.
 *
 * @returns where it was put, `undefined` where nothing stood there.
 * @throws DataProblem with `ChecksumMismatch` when every mirror sent other bytes, `DownloadFailed` when no mirror gave the file,
 * `DownloadAborted` when the signal stopped it; file-system errors as they are.
 */
export const downloadFile = async (download: DownloadRequest): Promise<string | undefined> => {
  const { urls, target, published, signal } = download
  await makeDirectories(dirname(target))
  const part = await claimPart(target)
  const attempts: { readonly url: string; readonly reason: string }[] = []
  const wrong: Fingerprint[] = []
  try {
    /** Another process may have finished the same download meanwhile. */
    const isThere = async (): Promise<boolean> =>
      isPublished(await fingerprintOfFile(target, published.algorithm), published)
    for (const url of urls) {
      try {
        const found = await receiveFromMirror(url, part, download)
        if (isPublished(found, published)) {
          return await replaceFile(part, target, isThere)
        }
        wrong.push(found)
        attempts.push({ url, reason: `sent bytes with ${published.algorithm} ${found.checksum}` })
        await discardPart(part)
      } catch (error) {
        if (signal?.aborted === true)
          throw new DataProblem({
            _tag: 'DownloadAborted',
            file: target,
            receivedBytes: await sizeOf(part),
          })
        if (!(error instanceof MirrorFailed)) throw error
        attempts.push({ url, reason: error.message })
      }
    }
    if (wrong.length > 0 && wrong.length === attempts.length)
      throw new DataProblem(checksumMismatch(target, published, wrong[0], false))
    throw new DataProblem({ _tag: 'DownloadFailed', file: target, attempts })
  } finally {
    await releasePart(target, part)
  }
}
