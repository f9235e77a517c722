import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type TarEntry, tarOf } from '../../../test/tar-writer.ts'
import type { DataError } from '../src/data-error.ts'
import { DataProblem } from '../src/data-problem.ts'
import { type OpenMember, readTar } from '../src/formats/tar.ts'
import { gunzipBounded } from '../src/node/gunzip.ts'

const problemOf = async (run: Promise<unknown>): Promise<DataError> => {
  try {
    await run
  } catch (error) {
    if (error instanceof DataProblem) return error.problem
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('gunzipBounded', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) & 255)
  const packed = gzipSync(bytes)

  it('gives the bytes back, up to the limit', async () => {
    expect([...(await gunzipBounded('f', packed, 1000))]).toEqual([...bytes])
  })

  it('stops at one byte more than the limit', async () => {
    expect(await problemOf(gunzipBounded('f', packed, 999))).toEqual({
      _tag: 'TooLarge',
      file: 'f',
      limitBytes: 999,
    })
  })

  it('does not let a small file fill the memory', async () => {
    // 100 MB of zeros pack to 100 KB.
    const bomb = gzipSync(new Uint8Array(100_000_000), { level: 1 })
    const before = process.memoryUsage().arrayBuffers
    expect(await problemOf(gunzipBounded('f', bomb, 1_000_000))).toMatchObject({ _tag: 'TooLarge' })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })

  it('says when a file is cut short, damaged, or no gzip at all', async () => {
    expect(await problemOf(gunzipBounded('f', packed.subarray(0, -9), 1000))).toMatchObject({
      _tag: 'CorruptArchive',
    })
    const damaged = Uint8Array.from(packed)
    damaged[damaged.length - 6] ^= 1
    expect(await problemOf(gunzipBounded('f', damaged, 1000))).toMatchObject({ _tag: 'CorruptArchive' })
    expect(await problemOf(gunzipBounded('f', bytes, 1000))).toMatchObject({
      _tag: 'BadMagic',
      found: '0x0007',
    })
    expect(await problemOf(gunzipBounded('f', new Uint8Array(0), 1000))).toMatchObject({ found: 'nothing' })
  })
})

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const readAll = async (
  tar: Uint8Array,
  pieceBytes: number,
  limitBytes = 1e6,
): Promise<Map<string, string>> => {
  const found = new Map<string, Uint8Array>()
  const open: OpenMember = (path, sizeBytes) => {
    if (path.endsWith('skipped')) return undefined
    const bytes = new Uint8Array(sizeBytes)
    found.set(path, bytes)
    return bytes
  }
  await readTar('f', pieces(tar, pieceBytes), open, limitBytes)
  return new Map([...found].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))
}

const entries: readonly TarEntry[] = [
  { path: 'folder/', type: '5', bytes: '' },
  { path: 'folder/a', bytes: 'first' },
  { path: 'folder/skipped', bytes: 'x'.repeat(700) },
  { path: 'folder/empty', bytes: '' },
  { path: 'folder/block', bytes: 'y'.repeat(512) },
  { path: 'folder/link', type: '2', bytes: '' },
  { path: 'folder/z', bytes: 'last' },
]

describe('readTar', () => {
  const expected = new Map([
    ['folder/a', 'first'],
    ['folder/empty', ''],
    ['folder/block', 'y'.repeat(512)],
    ['folder/z', 'last'],
  ])

  it.each([1, 3, 511, 512, 513, 1000, 100_000])(
    'reads the wanted files from pieces of %i bytes',
    async (size) => {
      expect(await readAll(tarOf(entries), size)).toEqual(expected)
    },
  )

  it('ignores whatever comes after the end of the archive', async () => {
    const tar = tarOf(entries)
    const longer = new Uint8Array(tar.length + 600).fill(65)
    longer.set(tar)
    expect(await readAll(longer, 100)).toEqual(expected)
  })

  it('refuses a damaged header', async () => {
    const tar = tarOf(entries)
    tar[512 + 3] ^= 1
    expect(await problemOf(readAll(tar, 512))).toMatchObject({ _tag: 'CorruptArchive' })
  })

  it('refuses an end in the middle of a file or of a header', async () => {
    const tar = tarOf([{ path: 'a', bytes: 'z'.repeat(600) }])
    expect(await problemOf(readAll(tar.subarray(0, 1000), 512))).toMatchObject({ _tag: 'CorruptArchive' })
    expect(await problemOf(readAll(tar.subarray(0, 300), 512))).toMatchObject({ _tag: 'CorruptArchive' })
  })

  it('reads no further than the limit', async () => {
    expect(await problemOf(readAll(tarOf(entries), 512, 2000))).toMatchObject({
      _tag: 'TooLarge',
      limitBytes: 2000,
    })
  })
})
