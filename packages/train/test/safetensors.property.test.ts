import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../src/index.ts'

const tensor = (name: string) =>
  fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) =>
    fc
      .float32Array({
        minLength: shape.reduce((a, b) => a * b, 1),
        maxLength: shape.reduce((a, b) => a * b, 1),
      })
      .map((values): Tensor => ({ name, shape, values })),
  )

const tensors = fc
  .uniqueArray(
    fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
    {
      maxLength: 5,
    },
  )
  .chain((names) => fc.tuple(...names.map(tensor)))

const bits = (values: Float32Array): readonly number[] => [...new Uint32Array(values.slice().buffer)]

describe('safetensors', () => {
  test('reading gives back every bit that was written', () => {
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.string()), (written, metadata) => {
        const { sha256: _, ...ours } = metadata
        const read = decodeSafetensors('x', encodeSafetensors(written, ours))
        if (E.isLeft(read)) throw new Error(JSON.stringify(read.left))
        expect({ ...read.right.metadata }).toEqual({ ...ours })
        // Empty tensors start where the next one does, so only the others have an order.
        const byName = (list: readonly Tensor[]) =>
          new Map(list.map((t) => [t.name, [t.shape, bits(t.values)]]))
        expect(byName(read.right.tensors)).toEqual(byName(written))
      }),
    )
  })

  const file = encodeSafetensors(
    [
      { name: 'a', shape: [2, 3], values: Float32Array.from([1, -0, 3, 4, 5, 6]) },
      { name: 'b', shape: [2], values: Float32Array.from([7, 8]) },
    ],
    { format: 'laperm-test/1' },
  )

  test('any changed bit is noticed', () => {
    for (let byte = 0; byte < file.length; byte++)
      for (let bit = 0; bit < 8; bit++) {
        const damaged = file.slice()
        damaged[byte] ^= 1 << bit
        expect(E.isLeft(decodeSafetensors('x', damaged)), `bit ${bit} of byte ${byte}`).toBe(true)
      }
  })

  test('any missing or added byte is noticed', () => {
    for (let length = 0; length < file.length; length++)
      expect(E.isLeft(decodeSafetensors('x', file.slice(0, length)))).toBe(true)
    expect(E.isLeft(decodeSafetensors('x', Buffer.concat([file, Buffer.alloc(1)])))).toBe(true)
  })

  test('arbitrary bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(E.isLeft(decodeSafetensors('x', bytes))).toBe(true)
      }),
    )
  })

  const foreign = (header: unknown, data: number): Uint8Array => {
    const json = Buffer.from(JSON.stringify(header))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(json.length))
    return Buffer.concat([length, json, Buffer.alloc(data)])
  }

  test('reads a foreign file without checksum', () => {
    const read = decodeSafetensors('x', foreign({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8))
    expect(read).toEqual(
      E.right({ tensors: [{ name: 'w', shape: [2], values: new Float32Array(2) }], metadata: {} }),
    )
  })

  test.each([
    ['another dtype', { w: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } }, 8],
    ['offsets beyond the file', { w: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, 8],
    ['a shape that does not fit', { w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, 8],
    ['a negative offset', { w: { dtype: 'F32', shape: [2], data_offsets: [-8, 0] } }, 8],
    ['a huge shape', { w: { dtype: 'F32', shape: [2 ** 53, 2 ** 53], data_offsets: [0, 8] } }, 8],
    ['a hole in the data', { w: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, 8],
    ['data of nobody', { w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 8],
    [
      'overlapping tensors',
      {
        v: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
        w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      },
      8,
    ],
    ['metadata that is no string', { __metadata__: { a: 1 } }, 0],
  ])('refuses %s, naming the file', (_, header, data) => {
    const read = decodeSafetensors('some/file', foreign(header, data))
    expect(E.isLeft(read) && read.left.path).toBe('some/file')
  })

  test('a length that only a sparse disk could hold is not allocated', () => {
    const bytes = Buffer.alloc(16)
    bytes.writeBigUInt64LE(2n ** 60n)
    expect(E.isLeft(decodeSafetensors('x', bytes))).toBe(true)
  })

  test('writing refuses a shape that does not hold its values, and a name twice', () => {
    const values = new Float32Array(2)
    expect(() => encodeSafetensors([{ name: 'a', shape: [3], values }], {})).toThrow(RangeError)
    const twice = { name: 'a', shape: [2], values }
    expect(() => encodeSafetensors([twice, twice], {})).toThrow(RangeError)
  })
})
