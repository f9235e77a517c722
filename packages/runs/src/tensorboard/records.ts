/**
 * TensorFlow's record framing: the length of a payload, a checksum of the length, the payload, a checksum of the payload.
 *
 * @see https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
import { crc32c } from './crc32c.ts'

/** Length and its checksum before a payload, and the checksum behind it. */
const headerBytes = 12
const trailerBytes = 4

/** TensorFlow stores checksums rotated and shifted, so that a checksum of data that holds checksums stays one. */
const maskedChecksum = (bytes: Uint8Array): number => {
  const sum = crc32c(bytes)
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0
}

/** A payload as a record. */
export const frameRecord = (payload: Uint8Array): Uint8Array => {
  const record = new Uint8Array(headerBytes + payload.length + trailerBytes)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(payload.length), true)
  view.setUint32(8, maskedChecksum(record.subarray(0, 8)), true)
  record.set(payload, headerBytes)
  view.setUint32(headerBytes + payload.length, maskedChecksum(payload), true)
  return record
}

/**
 * The payloads of the records that are whole, up to the first that is not: a kill can leave half a record at the end.
 *
 * @returns views of `bytes`.
 */
export const wholeRecords = (bytes: Uint8Array): readonly Uint8Array[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const payloads: Uint8Array[] = []
  let at = 0
  while (at + headerBytes + trailerBytes <= bytes.length) {
    if (view.getUint32(at + 8, true) !== maskedChecksum(bytes.subarray(at, at + 8))) break
    const length = Number(view.getBigUint64(at, true))
    const end = at + headerBytes + length
    if (end + trailerBytes > bytes.length) break
    const payload = bytes.subarray(at + headerBytes, end)
    if (view.getUint32(end, true) !== maskedChecksum(payload)) break
    payloads.push(payload)
    at = end + trailerBytes
  }
  return payloads
}
