/**
 * Asks one server for the rest of a file. Servers answer a range in many ways; whatever cannot be used is asked once more from the start.
 */

/** Why one mirror did not give the file; the next one is asked. */
export class MirrorFailed extends Error {
  /** The bytes that arrived cannot be the beginning of the file. */
  readonly spoiled: boolean

  constructor(reason: string, spoiled = false) {
    super(reason)
    this.spoiled = spoiled
  }
}

/** The rest of a file on its way. */
export interface Rest {
  readonly body: AsyncIterable<Uint8Array>
  /** Where it begins in the file: at or before the place that was asked for. */
  readonly start: number
}

interface Range {
  readonly start: number
  /** The size of the whole file, where the server tells it. */
  readonly total: number | undefined
}

const parseRange = (header: string | null): Range | undefined => {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header?.trim() ?? '')
  if (match === null) return undefined
  return { start: Number(match[1]), total: match[2] === '*' ? undefined : Number(match[2]) }
}

const requireSize = (announced: number | undefined, sizeBytes: number): void => {
  if (announced !== undefined && announced !== sizeBytes)
    throw new MirrorFailed(`has a file of ${announced} bytes, but the published one has ${sizeBytes}`)
}

/**
 * Ask for the file from `from` on.
 *
 * A 206, or a 200 with a Content-Range (some servers confuse them), counts where it begins at `from` or earlier. After any other answer to a
 * range (416, 400, no Content-Range, a later beginning) the whole file is asked for, so that no leftover can block a download.
 *
 * @throws MirrorFailed for an error status, and for a file of another size (a page that asks to log in).
 */
export const requestRest = async (
  url: string,
  from: number,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<Rest> => {
  const { status, statusText, ok, headers, body } = await fetch(url, {
    signal,
    // Identity: a server that compresses on the way would make ranges and sizes mean something else.
    headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
  })
  try {
    const range = parseRange(headers.get('content-range'))
    const isPart = status === 206 || (ok && range !== undefined)
    const isUsable = ok && body !== null && (!isPart || (range !== undefined && range.start <= from))
    if (!isUsable && from > 0) {
      await body?.cancel()
      return await requestRest(url, 0, sizeBytes, signal)
    }
    if (!ok || body === null) throw new MirrorFailed(`HTTP ${status} ${statusText}`.trim())
    if (!isUsable) throw new MirrorFailed(`answered with a part of the file (HTTP ${status})`)
    const length = headers.get('content-length')
    requireSize(isPart ? range?.total : length === null ? undefined : Number(length), sizeBytes)
    return { body, start: isPart ? (range?.start ?? 0) : 0 }
  } catch (error) {
    if (body?.locked === false) await body.cancel()
    throw error
  }
}
