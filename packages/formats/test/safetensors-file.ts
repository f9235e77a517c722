/** A safetensors file by hand, to be as wrong as a test wants. */
export const fileOf = (header: unknown, data: Uint8Array | number = 0): Uint8Array => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return new Uint8Array(Buffer.concat([length, json, typeof data === 'number' ? Buffer.alloc(data) : data]))
}
