/** What a visitor's file is, by its first bytes: read before the rest, so that a wrong file is refused whatever its size. */

/** What is wanted of a file: MNIST's data, or a network. */
export type WantedFile = 'data' | 'network'

/** As many bytes of a file tell what it is. */
export const beginningBytes = 16

interface Kind {
  readonly title: string
  readonly bytes: readonly number[]
}

const [idx, gzip] = [
  { title: 'an idx file', bytes: [0, 0, 8] },
  { title: 'a gzip file', bytes: [0x1f, 0x8b] },
]
const laperm = { title: 'a .laperm file', bytes: [0x4c, 0x41, 0x50, 0x45, 0x52, 0x4d, 0] }
const others: readonly Kind[] = [
  { title: 'a JPEG picture', bytes: [0xff, 0xd8, 0xff] },
  { title: 'a PNG picture', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { title: 'a GIF picture', bytes: [0x47, 0x49, 0x46, 0x38] },
  { title: 'a PDF document', bytes: [0x25, 0x50, 0x44, 0x46] },
  { title: 'a zip archive', bytes: [0x50, 0x4b, 3, 4] },
  { title: 'an HDF5 file', bytes: [0x89, 0x48, 0x44, 0x46] },
  { title: 'a NumPy file', bytes: [0x93, 0x4e, 0x55, 0x4d] },
]
const kinds: readonly Kind[] = [laperm, gzip, idx, ...others]

/** The length of a header in eight bytes, the lowest first, of which a header needs three; then its JSON. */
const isSafetensors = (first: Uint8Array): boolean =>
  first[8] === 0x7b && first.subarray(3, 8).every((byte) => byte === 0)

const wantedTitles: Readonly<Record<WantedFile, readonly string[]>> = {
  data: [idx.title, gzip.title],
  network: ['a .safetensors file', laperm.title],
}

const titleOf = (first: Uint8Array): string | undefined =>
  isSafetensors(first)
    ? 'a .safetensors file'
    : kinds.find(({ bytes }) => bytes.every((byte, i) => first[i] === byte))?.title

const isText = (first: Uint8Array): boolean =>
  first.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))

const found = (first: Uint8Array): string => {
  if (first.length === 0) return 'is empty'
  const title = titleOf(first) ?? (isText(first) ? 'a text' : undefined)
  if (title !== undefined) return `is ${title}`
  return `begins with the bytes ${[...first.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
}

/**
 * @param first the file's first {@link beginningBytes} bytes, or all of it.
 * @returns null where the file may be what is wanted, else what it is or is not, in a sentence.
 */
export const refuseBeginning = (name: string, first: Uint8Array, wanted: WantedFile): string | null => {
  const title = titleOf(first)
  if (title !== undefined && wantedTitles[wanted].includes(title)) return null
  const rule =
    wanted === 'data'
      ? "MNIST's files are idx files, or gzip files of them"
      : 'a network is a .safetensors or a .laperm file'
  return `“${name}” ${found(first)}: ${rule}.`
}
