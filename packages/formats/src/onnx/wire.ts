/**
 * Protobuf's wire format from a source of bytes: the fields of a message, one after the other, without reading what they hold.
 *
 * `pbf` and others want a message in memory, and an ONNX model is one message. Windows of the source are read, and large fields are stepped over.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
import { refuseFile } from '../refusal.ts'
import { type ByteSource, readBytes } from '../source/byte-source.ts'

/** A field of a message. */
export interface WireField {
  readonly number: number
  /** Of a varint; null where it is longer than a safe integer. */
  readonly value: number | null
  /** Where its content is in the source: of bytes, texts, messages and packed numbers; `length` is 0 for a varint. */
  readonly start: number
  readonly length: number
  readonly kind: 'varint' | 'bytes' | 'fixed'
}

const windowBytes = 2 ** 16
const longestVarint = 10

/** Reads single bytes of a source through a window. */
export interface WireReader {
  readonly source: ByteSource
  readonly byteAt: (at: number) => Promise<number>
}

/** A reader whose window moves with what it is asked for. */
export const makeWireReader = (source: ByteSource): WireReader => {
  let start = 0
  let bytes = new Uint8Array(0)
  return {
    source,
    byteAt: async (at) => {
      if (at < start || at >= start + bytes.length) {
        const length = Math.max(1, Math.min(windowBytes, source.sizeBytes - at))
        bytes = new Uint8Array(await readBytes(source, at, length, 'a field'))
        start = at
      }
      return bytes[at - start]
    },
  }
}

interface Varint {
  readonly value: number | null
  readonly next: number
}

const readVarint = async ({ source, byteAt }: WireReader, start: number, end: number): Promise<Varint> => {
  let value = 0
  for (let i = 0; i < longestVarint; i++) {
    if (start + i >= end) break
    const byte = await byteAt(start + i)
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value: Number.isSafeInteger(value) ? value : null, next: start + i + 1 }
  }
  return refuseFile(
    source.path,
    `a number of at most ${longestVarint} bytes at byte ${start}`,
    'a longer one',
  )
}

/** The fields of the message from `start` to `end`. @throws FileRefusal where one does not end within it. */
export async function* wireFields(reader: WireReader, start: number, end: number): AsyncGenerator<WireField> {
  const { path } = reader.source
  for (let at = start; at < end; ) {
    const tag = await readVarint(reader, at, end)
    const number = Math.floor((tag.value ?? 0) / 8)
    const wire = (tag.value ?? 0) % 8
    if (number === 0) return refuseFile(path, `a field's number at byte ${at}`, 'none')
    if (wire === 0) {
      const { value, next } = await readVarint(reader, tag.next, end)
      yield { number, value, start: next, length: 0, kind: 'varint' }
      at = next
      continue
    }
    if (wire !== 1 && wire !== 2 && wire !== 5)
      return refuseFile(path, `a field of a known kind at byte ${at}`, `kind ${wire}`)
    const size =
      wire === 2 ? await readVarint(reader, tag.next, end) : { value: wire === 1 ? 8 : 4, next: tag.next }
    if (size.value === null || size.next + size.value > end)
      return refuseFile(
        path,
        `field ${number} at byte ${at} to end at byte ${end} at the latest`,
        `${size.value} bytes of it`,
      )
    yield { number, value: null, start: size.next, length: size.value, kind: wire === 2 ? 'bytes' : 'fixed' }
    at = size.next + size.value
  }
}

/** Texts in a model are names, not documents. */
const longestText = 10_000

/** A field of text. */
export const readWireText = async (
  { source }: WireReader,
  { start, length, kind }: WireField,
): Promise<string> => {
  if (kind !== 'bytes' || length > longestText)
    return refuseFile(
      source.path,
      `a text of at most ${longestText} bytes at byte ${start}`,
      `${length} bytes`,
    )
  const bytes = await readBytes(source, start, length, 'a text')
  return new TextDecoder().decode(bytes.slice())
}

/** A repeated field of whole numbers, packed or not. */
export const readWireNumbers = async (reader: WireReader, field: WireField): Promise<readonly number[]> => {
  const numbers: number[] = []
  const take = (value: number | null): void => {
    if (value === null)
      refuseFile(reader.source.path, `a whole number below 2^53 at byte ${field.start}`, 'a larger one')
    else numbers.push(value)
  }
  if (field.kind === 'varint') take(field.value)
  else
    for (let at = field.start; at < field.start + field.length; ) {
      const { value, next } = await readVarint(reader, at, field.start + field.length)
      take(value)
      at = next
    }
  return numbers
}
