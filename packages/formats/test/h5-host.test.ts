/** HDF5 in a thread: what does not come back is ended, and the next file is read. */
import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { File, ready } from 'h5wasm'
import { afterAll, expect, test } from 'vitest'
import { bytesSource, encodeSafetensors, readTensors, refuseFile } from '../src/index.ts'
import { makeH5Host, openWeightFile } from '../src/node.ts'
import { fixture, openFixture, right } from './weight-fixtures.ts'

const host = makeH5Host()
afterAll(() => host.close())

const whole = (): Uint8Array => Uint8Array.from(readFileSync(fixture('keras2-weights.h5')))

test.each(['keras2-whole.h5', 'keras3.keras'])(
  '%s is read the same in a thread as on this one',
  async (name) => {
    const here = await openFixture(name)
    const there = right(await openWeightFile(fixture(name))())
    expect({ ...there, tensors: there.tensors.map(({ read: _, ...tensor }) => tensor) }).toEqual({
      ...here,
      tensors: here.tensors.map(({ read: _, ...tensor }) => tensor),
      close: there.close,
    })
    for (const [i, { read }] of there.tensors.entries())
      expect(right(await read())).toEqual(right(await here.tensors[i].read()))
    await there.close()
  },
)

test('a file of another format starts no thread', async () => {
  const counted = makeH5Host()
  const openH5: typeof counted.openH5 = () => {
    throw new Error('HDF5 was asked for')
  }
  const bytes = encodeSafetensors([{ name: 'a', shape: [1], values: Float32Array.of(1) }], {})
  expect(right(await readTensors(bytesSource('a', bytes), { openH5 })()).tensors).toHaveLength(1)
})

test('what is asked at once is answered one after another', async () => {
  const file = right(await readTensors(bytesSource('a.h5', whole()), { openH5: host.openH5 })())
  const values = await Promise.all(file.tensors.map(({ read }) => read()))
  expect(values.map((one) => right(one).length)).toEqual(
    file.tensors.map(({ shape }) => shape.reduce((product, axis) => product * axis, 1)),
  )
  file.close()
})

test('what the source could not read is told in its words', async () => {
  const source = bytesSource('a.h5', whole())
  let reads = 0
  const failing = {
    ...source,
    read: async (start: number, length: number) =>
      reads++ === 0 ? source.read(start, length) : refuseFile('a.h5', 'a disk', 'a broken one'),
  }
  const opened = await readTensors(failing, { openH5: host.openH5 })()
  expect(opened).toMatchObject({ left: { expected: 'a disk', found: 'a broken one' } })
})

/** What a host says of a file's index or of its first tensor that is refused. */
const refusalOf = async (bytes: Uint8Array, openH5 = host.openH5): Promise<string> => {
  const opened = await readTensors(bytesSource('a.h5', bytes), { openH5 })()
  if (E.isLeft(opened)) return opened.left.found
  try {
    for (const { read } of opened.right.tensors) {
      const values = await read()
      if (E.isLeft(values)) return values.left.found
    }
    return 'well-formed'
  } finally {
    opened.right.close()
  }
}

test('a file in which libhdf5 loops for ever, and one in which it breaks, are refused, and the next one is read', async () => {
  const impatient = makeH5Host({ patienceMs: () => 3000 })
  // Found by the fuzzer: a piece of the file in place of the names of its groups.
  const looping = whole()
  looping.subarray(0, 6000).copyWithin(2871, 26)
  expect(await refusalOf(looping, impatient.openH5)).toMatch(/had not read after 3 seconds/)
  // A length of 256 more in the symbol table.
  const breaking = whole()
  breaking[2393] = 1
  expect(await refusalOf(breaking, impatient.openH5)).toMatch(/libhdf5 stopped/)
  expect(await refusalOf(whole(), impatient.openH5)).toBe('well-formed')
  await impatient.close()
})

test('libhdf5 takes no more memory than the size of the file allows', async () => {
  const { FS } = await ready
  if (FS === null) throw new Error('h5wasm has no files')
  const file = new File('/chunks.h5', 'w', { libver: ['earliest', 'latest'] })
  file.create_dataset({
    name: 'kernel',
    data: Float32Array.of(1, 2),
    shape: [2],
    maxshape: [null],
    chunks: [16],
    compression: 'gzip',
  })
  file.close()
  const bytes = Uint8Array.from(FS.readFile('/chunks.h5'))
  expect(await refusalOf(bytes)).toBe('well-formed')
  const claim = (size: number): Promise<string> => {
    // The first key of the tree of chunks, which begins with the chunk's size, is behind 24 bytes.
    const tree = Buffer.from(bytes).indexOf(Uint8Array.of(0x54, 0x52, 0x45, 0x45, 1))
    new DataView(bytes.buffer).setUint32(tree + 24, size, true)
    return refusalOf(bytes)
  }
  // 256 MiB may be taken for a file of this size: less is asked for, and then not found in the file.
  expect(await claim(300_000_000)).toBe('memory allocation failed for raw data chunk')
  expect(await claim(100_000_000)).toMatch(/^addr overflow/)
})
