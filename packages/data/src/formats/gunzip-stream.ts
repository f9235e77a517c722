/** Decompression by the platform's own streams: what browsers and Node both have. Bounded, like its Node sibling. */
import { DataProblem } from '../data-problem.ts'

/** Whether bytes begin as gzip does. */
export const isGzip = (bytes: Uint8Array): boolean =>
  bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b

const oneChunk = (bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(Uint8Array.from(bytes))
      controller.close()
    },
  })

/**
 * Unpack gzip bytes, at most `limitBytes` of them.
 *
 * @param file its name, for errors.
 * @throws DataProblem with `CorruptArchive` (cut short, wrong check value) or `TooLarge`.
 */
export const gunzipStream = async (
  file: string,
  packed: Uint8Array,
  limitBytes: number,
): Promise<Uint8Array> => {
  const reader = oneChunk(packed).pipeThrough(new DecompressionStream('gzip')).getReader()
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > limitBytes) throw new DataProblem({ _tag: 'TooLarge', file, limitBytes })
      parts.push(value)
    }
  } catch (error) {
    if (error instanceof DataProblem) {
      await reader.cancel()
      throw error
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new DataProblem({ _tag: 'CorruptArchive', file, reason })
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
