/**
 * Download one published file: several mirrors, resumed where it was cut, verified before it gets its name.
 *
 * What is at `target` afterwards is either the published bytes or what was there before. Half-arrived bytes are kept aside (see
 * `part-file.ts`) and thrown away as soon as they are known to be wrong.
 */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { DataProblem } from './data-problem.ts'
import { claimPart, discardPart, releasePart } from './node/part-file.ts'
import { checksumMismatch, type Fingerprint, isPublished } from './node/verify-bytes.ts'
import type { PublishedBytes } from './published-files.ts'

/** How far a download is. */
export interface DownloadProgress {
  readonly file: string
  /** Including what an earlier download had left. */
  readonly receivedBytes: number
  readonly totalBytes?: number
}

export interface DownloadRequest {
  /** Where to get it, tried in order. */
  readonly urls: readonly string[]
  /** Path of the file; its folder is made. */
  readonly target: string
  readonly published: PublishedBytes
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** A connection that is silent for so long counts as cut; default 30,000. */
  readonly stallTimeoutMs?: number | undefined
}

/** A cut connection is taken up again so often at one mirror, as long as each attempt brings bytes. */
const attemptsPerMirror = 5

/** Why one mirror did not give the file; the next one is asked. */
class MirrorFailed extends Error {
  /** The bytes that arrived cannot be the beginning of the file. */
  readonly spoiled: boolean

  constructor(reason: string, spoiled = false) {
    super(reason)
    this.spoiled = spoiled
  }
}

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

interface Response {
  readonly body: AsyncIterable<Uint8Array>
  /** Where the server really starts: 0 when it knows no ranges. */
  readonly start: number
}

/** The size of the whole file as the answer's headers tell it, `undefined` where they do not. */
const announcedBytes = (headers: Headers, isRange: boolean): number | undefined => {
  const announced = isRange ? headers.get('content-range')?.split('/')[1] : headers.get('content-length')
  return announced == null || announced === '*' ? undefined : Number(announced)
}

/** Ask for the file from `from` on. A server that has a file of another size (a page that asks to log in) is refused at once. */
const request = async (
  url: string,
  from: number,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<Response> => {
  const { status, statusText, ok, headers, body } = await fetch(url, {
    signal,
    // Identity: a server that compresses on the way would make ranges and sizes mean something else.
    headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
  })
  const refuse = async (reason: string): Promise<never> => {
    await body?.cancel()
    throw new MirrorFailed(reason)
  }
  if (!ok || body === null) return refuse(`HTTP ${status} ${statusText}`.trim())
  const isRange = status === 206
  const range = headers.get('content-range') ?? ''
  if (isRange && Number(/^bytes (\d+)-/.exec(range)?.[1]) !== from)
    return refuse(`answered with the range ${range} instead of ${from}-`)
  const announced = announcedBytes(headers, isRange)
  if (announced !== undefined && announced !== sizeBytes)
    return refuse(`has a file of ${announced} bytes, but the published one has ${sizeBytes}`)
  return { body, start: isRange ? from : 0 }
}

/** One connection: append what comes to the part file. Throws what cut it; the bytes that came stay. */
const receive = async (
  url: string,
  part: string,
  { published, onProgress, target, signal, stallTimeoutMs = 30_000 }: DownloadRequest,
): Promise<{ readonly found: Fingerprint; readonly resumed: boolean }> => {
  const stall = new AbortController()
  const restartClock = (): NodeJS.Timeout =>
    setTimeout(() => stall.abort(new Error(`nothing arrived for ${stallTimeoutMs / 1000} s`)), stallTimeoutMs)
  let clock = restartClock()
  let handle: FileHandle | undefined
  try {
    let { hash, sizeBytes } = await hashPart(part, published)
    const either = signal === undefined ? stall.signal : AbortSignal.any([stall.signal, signal])
    const { body, start } = await request(url, sizeBytes, published.sizeBytes, either)
    if (start === 0) {
      hash = createHash(published.algorithm)
      sizeBytes = 0
    }
    handle = await open(part, start === 0 ? 'w' : 'a')
    for await (const chunk of body) {
      clearTimeout(clock)
      clock = restartClock()
      if (sizeBytes + chunk.length > published.sizeBytes)
        throw new MirrorFailed(`sent more than the ${published.sizeBytes} bytes of the published file`, true)
      await handle.writeFile(chunk)
      hash.update(chunk)
      sizeBytes += chunk.length
      onProgress?.({ file: basename(target), receivedBytes: sizeBytes, totalBytes: published.sizeBytes })
    }
    if (sizeBytes < published.sizeBytes)
      throw new Error(`the connection ended after ${sizeBytes} of ${published.sizeBytes} bytes`)
    await handle.sync()
    return { found: { sizeBytes, checksum: hash.digest('hex') }, resumed: start > 0 }
  } finally {
    clearTimeout(clock)
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
      const isFileSystem = error instanceof Error && 'syscall' in error && 'path' in error
      if (isFileSystem) throw error
      if ((await sizeOf(part)) <= before || attempt >= attemptsPerMirror)
        throw new MirrorFailed(describe(error))
    }
  }
}

/**
 * Download a file to `target`.
 *
 * Each mirror is asked in turn; a cut connection is resumed with an HTTP range. The file gets its name (after fsync, by rename) only
 * when its checksum is the published one.
 *
 * @throws DataProblem with `ChecksumMismatch` when every mirror sent other bytes, `DownloadFailed` when no mirror gave the file,
 * `DownloadAborted` when the signal stopped it; file-system errors as they are.
 */
export const downloadFile = async (download: DownloadRequest): Promise<void> => {
  const { urls, target, published, signal } = download
  await mkdir(dirname(target), { recursive: true })
  const part = await claimPart(target)
  const attempts: { readonly url: string; readonly reason: string }[] = []
  const wrong: Fingerprint[] = []
  try {
    for (const url of urls) {
      try {
        const found = await receiveFromMirror(url, part, download)
        if (isPublished(found, published)) {
          await rename(part, target)
          return
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
