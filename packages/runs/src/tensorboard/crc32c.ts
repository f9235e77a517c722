/** CRC-32C, the checksum of TensorFlow's records. */

/** Castagnoli's polynomial, bits reversed (RFC 3720). */
const polynomial = 0x82f63b78

/** The checksum of each byte alone. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1
  return rest
})

/** CRC-32C of some bytes, as an unsigned number. */
export const crc32c = (bytes: Uint8Array): number => {
  let rest = 0xffffffff
  for (const byte of bytes) rest = table[(rest ^ byte) & 0xff] ^ (rest >>> 8)
  return (rest ^ 0xffffffff) >>> 0
}
