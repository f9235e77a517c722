/**
 * Members of a zip archive by name, from a source of bytes: the directory is read, and nothing else.
 *
 * Members that are stored as they are (Keras's, NumPy's) are parts of the source and are never copied whole. Deflated ones are inflated to
 * memory when they are asked for, at most to the size that the directory says and that deflate could have made of their bytes.
 */
import { type FileEntry, Reader, ZipReader } from '@zip.js/zip.js'
import { FileRefusal, refuseFile } from '../refusal.ts'
import { type ByteSource, bytesSource, partOf, readBytes } from '../source/byte-source.ts'

/** The most that deflate makes of a byte. */
const largestInflation = 1032
/** Of a member's own header, before its name and extra field. */
const localHeaderBytes = 30
const stored = 0
const deflated = 8

/** A member that can be read. */
export interface ZipMember {
  readonly name: string
  readonly sizeBytes: number
  /** Its bytes from any place where it is stored; inflated to memory otherwise, its check value compared. */
  readonly open: () => Promise<ByteSource>
  /** All its bytes, its check value compared. */
  readonly readWhole: () => Promise<Uint8Array>
  /** Its first bytes, at most `length` of them. */
  readonly readStart: (length: number) => Promise<Uint8Array>
}

class SourceReader extends Reader<ByteSource> {
  readonly source: ByteSource
  constructor(source: ByteSource) {
    super(source)
    this.source = source
    this.size = source.sizeBytes
  }
  override readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const rest = Math.max(0, this.source.sizeBytes - index)
    return readBytes(this.source, index, Math.min(length, rest), 'the archive')
  }
}

/** Ends an inflation that has given enough. */
class Enough extends Error {}

/** What the library says, as a refusal; what is ours already is thrown on. */
const refuseLibrary = (path: string, what: string, error: unknown): never => {
  if (error instanceof FileRefusal || error instanceof Enough || !(error instanceof Error)) throw error
  return refuseFile(path, what, error.message)
}

/** The first bytes that a member inflates to. @param most more than these are not taken. */
const inflate = async (path: string, entry: FileEntry, most: number): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = []
  let size = 0
  const writable = new WritableStream<Uint8Array>({
    write: (piece) => {
      pieces.push(piece)
      size += piece.length
      if (size >= most && most < entry.uncompressedSize) throw new Enough()
      if (size > entry.uncompressedSize)
        refuseFile(path, `${entry.uncompressedSize} bytes inflated, as its directory says`, 'more')
    },
  })
  try {
    await entry.getData(writable, { checkSignature: true, useWebWorkers: false })
  } catch (error) {
    if (!(error instanceof Enough)) refuseLibrary(path, 'an undamaged member', error)
  }
  const bytes = new Uint8Array(Math.min(size, most))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece.subarray(0, bytes.length - at), at)
    at += Math.min(piece.length, bytes.length - at)
  }
  return bytes
}

const memberOf = (source: ByteSource, entry: FileEntry): ZipMember => {
  const name = entry.filename
  const path = `${source.path}: ${name}`
  const { compressionMethod, compressedSize, uncompressedSize, offset } = entry
  if (entry.encrypted) return refuseFile(path, 'a member without a password', 'an encrypted one')
  if (compressionMethod !== stored && compressionMethod !== deflated)
    return refuseFile(path, 'a member that is stored or deflated', `method ${compressionMethod}`)
  if (offset + localHeaderBytes + compressedSize > source.sizeBytes)
    return refuseFile(
      path,
      `${compressedSize} bytes within the archive from byte ${offset} on`,
      `an archive of ${source.sizeBytes} bytes`,
    )
  if (uncompressedSize > (compressionMethod === stored ? compressedSize : largestInflation * compressedSize))
    return refuseFile(
      path,
      `a size that ${compressedSize} bytes can have`,
      `${uncompressedSize} in the directory`,
    )
  const openStored = async (): Promise<ByteSource> => {
    const header = await readBytes(source, offset, localHeaderBytes, `the header of '${name}'`)
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    if (view.getUint32(0, true) !== 0x04034b50)
      return refuseFile(path, `a member's header at byte ${offset}`, 'none')
    const start = offset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true)
    await readBytes(source, start + uncompressedSize, 0, `'${name}'`)
    return partOf(source, path, start, uncompressedSize)
  }
  const readWhole = async (): Promise<Uint8Array> => {
    const bytes = await inflate(path, entry, uncompressedSize)
    return bytes.length === uncompressedSize
      ? bytes
      : refuseFile(path, `${uncompressedSize} bytes inflated`, `${bytes.length}`)
  }
  return compressionMethod === stored
    ? {
        name,
        sizeBytes: uncompressedSize,
        open: openStored,
        readWhole,
        readStart: async (length) => {
          const member = await openStored()
          return readBytes(member, 0, Math.min(length, uncompressedSize), 'its beginning')
        },
      }
    : {
        name,
        sizeBytes: uncompressedSize,
        open: async () => bytesSource(path, await readWhole()),
        readWhole,
        readStart: (length) => inflate(path, entry, Math.min(length, uncompressedSize)),
      }
}

/**
 * The members of an archive, in the order of its directory; folders are none.
 *
 * Check values of stored members are not compared, since that would read them whole.
 * @throws FileRefusal where the directory cannot be read, a name occurs twice, or a member lies outside the archive.
 */
export const openZip = async (source: ByteSource): Promise<readonly ZipMember[]> => {
  const members: ZipMember[] = []
  const names = new Set<string>()
  try {
    for await (const entry of new ZipReader(new SourceReader(source)).getEntriesGenerator()) {
      if (entry.directory) continue
      if (names.has(entry.filename))
        return refuseFile(source.path, 'each name once in the archive', `'${entry.filename}' twice`)
      names.add(entry.filename)
      members.push(memberOf(source, entry))
    }
  } catch (error) {
    return refuseLibrary(source.path, 'a zip archive whose directory can be read', error)
  }
  return members
}
