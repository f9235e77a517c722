/** HDF5 in a thread: what does not come back is ended, and the next file is read. */
import { readFileSync } from 'node:fs'
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
