/** A writer of small tar archives for tests, after POSIX.1-2017 "ustar Interchange Format". */

export interface TarEntry {
  readonly path: string
  readonly bytes: string | Uint8Array
  /** `0` a file, `5` a folder, `2` a link. */
  readonly type?: string
}

const block = (size: number): number => Math.ceil(size / 512) * 512

export const tarOf = (entries: readonly TarEntry[]): Uint8Array => {
  const parts = entries.map(({ path, bytes, type = '0' }) => {
    const body = Buffer.from(bytes)
    const part = Buffer.alloc(512 + block(body.length))
    part.write(path, 0)
    part.write('0000644\0', 100)
    part.write(`${body.length.toString(8).padStart(11, '0')} `, 124)
    part.write('        ', 148)
    part.write(type, 156)
    part.write('ustar\x0000', 257)
    const sum = part.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    part.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    body.copy(part, 512)
    return part
  })
  return Uint8Array.from(Buffer.concat([...parts, Buffer.alloc(1024)]))
}
