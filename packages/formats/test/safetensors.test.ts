/** Files of other programs, and files that pretend. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  decodeSafetensors,
  encodeSafetensors,
  renderCorruptFile,
  type Sha256,
  safetensorsPieces,
} from '../src/index.ts'
import { fileOf } from './safetensors-file.ts'

const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] }
const oneText = JSON.stringify(one)
const refusalOf = (bytes: Uint8Array): string => {
  const read = decodeSafetensors('some/file', bytes)
  return E.isLeft(read) ? renderCorruptFile(read.left) : 'was read'
}
const tensor = { name: 'a', shape: [1], values: Float32Array.of(1) }

describe('a foreign file', () => {
  test('is read without checksum', () => {
    const read = decodeSafetensors('x', fileOf({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8))
    expect(read).toEqual(
      E.right({
        leftOut: [],
        tensors: [{ name: 'w', shape: [2], values: new Float32Array(2) }],
        metadata: {},
      }),
    )
  })

  test('may have a metadata key sha256 that means something else', () => {
    const read = decodeSafetensors('x', fileOf({ __metadata__: { sha256: 'of the data set' }, a: one }, 4))
    expect(E.isRight(read) && { ...read.right.metadata }).toEqual({ sha256: 'of the data set' })
  })

  test.each([
    ['no tensors', { __metadata__: { key: 'value' } }, 0],
    ['an empty header', '{}', 0],
    ['empty metadata', { __metadata__: {}, a: one }, 4],
    ['a scalar', { a: { ...one, shape: [] } }, 4],
    ['a header of odd length', `{"a":${oneText}} `, 4],
    [
      'an empty tensor between two',
      `{"a":${oneText},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[4,4]}}`,
      4,
    ],
  ])('is read with %s', (_, header, data) => {
    expect(E.isRight(decodeSafetensors('x', fileOf(header, data)))).toBe(true)
  })

  test.each([
    [
      'another dtype',
      { w: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } },
      8,
      /float32 \(F32\) in 'w', found "F16"/,
    ],
    [
      'offsets beyond the file',
      { w: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } },
      8,
      /within the file/,
    ],
    [
      'a shape that does not fit',
      { w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } },
      8,
      /12 bytes of data/,
    ],
    ['a negative offset', { w: { dtype: 'F32', shape: [2], data_offsets: [-8, 0] } }, 8, /two offsets/],
    [
      'a huge shape',
      { w: { dtype: 'F32', shape: [2 ** 53 - 1, 2 ** 53 - 1], data_offsets: [0, 8] } },
      8,
      /within the file/,
    ],
    ['a hole in the data', { w: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, 8, /'w' to start at 0/],
    ['data of nobody', { w: one }, 8, /expected 4 bytes of data, found 8/],
    ['equal offsets', { v: one, w: one }, 4, /'w' to start at 4/],
    [
      'overlapping tensors',
      {
        v: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
        w: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
      },
      8,
      /'w' to start at 8/,
    ],
    ['metadata that is no string', { __metadata__: { a: 1 } }, 0, /a string as metadata 'a'/],
    [
      'a name twice, with equal offsets',
      `{"a":${oneText},"a":${oneText}}`,
      4,
      /each key once, but "a" comes again/,
    ],
    [
      'a name twice, with data of its own',
      `{"a":${oneText},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
      8,
      /each key once/,
    ],
    ['a name twice, once escaped', `{"a":${oneText},"\\u0061":${oneText}}`, 4, /each key once/],
    [
      'a field twice',
      '{"a":{"dtype":"F32","shape":[2],"shape":[1],"data_offsets":[0,4]}}',
      4,
      /each key once/,
    ],
    ['a metadata key twice', '{"__metadata__":{"k":"v","k":"w"}}', 0, /each key once/],
    ['JSON 100,000 levels deep', '['.repeat(100_000), 0, /at most 3 levels of JSON/],
    ['something behind the header', '{} {}', 0, /nothing after the JSON value/],
    ['a byte order mark', '\ufeff{}', 0, /a JSON value/],
  ])('is refused with %s, in words', (_, header, data, message) => {
    expect(refusalOf(fileOf(header, data))).toMatch(message)
    expect(refusalOf(fileOf(header, data))).toMatch(/^some\/file: expected /)
  })

  test('is refused with a name that is no UTF-8', () => {
    const bytes = fileOf({ a: one }, 4)
    bytes[10] = 0xff
    expect(refusalOf(bytes)).toMatch(/a header in UTF-8/)
  })

  test('that claims its bytes a thousand times over takes no memory for them', () => {
    const megabyte = 2 ** 20
    const header = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [
        `t${i}`,
        { dtype: 'F32', shape: [megabyte / 4], data_offsets: [0, megabyte] },
      ]),
    )
    const bytes = fileOf(header, megabyte)
    const before = process.memoryUsage().arrayBuffers
    expect(refusalOf(bytes)).toMatch(/to start at/)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * megabyte)
  })

  test('of a length that only a sparse disk could hold is refused', () => {
    const bytes = Buffer.alloc(16)
    bytes.writeBigUInt64LE(2n ** 60n)
    expect(refusalOf(bytes)).toMatch(/a header of \d+ bytes in a file of 16/)
  })

  test('writes neither its escape sequences nor all its text into a message', () => {
    const name = `\u001b[2J${'x'.repeat(1_000_000)}`
    const message = refusalOf(fileOf({ [name]: 7 }))
    expect(message).toMatch(/^some\/file: expected an object for '\\u\{1b\}\[2Jx+\.\.\., found 7\.$/)
    expect(message.length).toBeLessThan(700)
  })
})

describe('a file of LaPerm’s', () => {
  const format = { format: 'laperm-test/1' }

  test('that another program saved again with its metadata is refused with the keys to drop', () => {
    const ours = encodeSafetensors([tensor], { ...format, step: '3' })
    const headerLength = Number(Buffer.from(ours).readBigUInt64LE())
    // As Python writes it: the same entries, other white space.
    const again = fileOf(
      JSON.stringify(JSON.parse(Buffer.from(ours.subarray(8, 8 + headerLength)).toString()), null, 1),
      ours.subarray(8 + headerLength),
    )
    expect(refusalOf(again)).toMatch(
      /expected sha256 [0-9a-f]{64}, found .* drop the keys 'format' and 'laperm\.sha256'/,
    )
    const dropped = fileOf({ __metadata__: { step: '3' }, a: one }, ours.subarray(8 + headerLength))
    expect(decodeSafetensors('x', dropped)).toEqual(
      E.right({ leftOut: [], tensors: [tensor], metadata: { step: '3' } }),
    )
  })

  test('without its checksum is refused', () => {
    expect(refusalOf(fileOf({ __metadata__: format, a: one }, 4))).toMatch(
      /a checksum 'laperm\.sha256', as in every file of format 'laperm-test\/1', found none\. .* drop the keys/,
    )
  })

  test('from before the key had its prefix is checked by the old one', () => {
    const digest: Sha256 = (pieces) => createHash('sha256').update(Buffer.concat(pieces)).digest('hex')
    const zeros = '0'.repeat(64)
    const unsealed = fileOf({ __metadata__: { sha256: zeros, ...format }, a: one }, 4)
    const old = fileOf({ __metadata__: { sha256: digest([unsealed]), ...format }, a: one }, 4)
    const read = decodeSafetensors('x', old)
    expect(E.isRight(read) && { ...read.right.metadata }).toEqual(format)
    old[old.length - 1] ^= 1
    expect(refusalOf(old)).toMatch(/expected sha256/)
  })

  test('gives no caller its own key, and leaves sha256 to callers', () => {
    expect(() => encodeSafetensors([tensor], { ...format, 'laperm.sha256': 'mine' })).toThrow(
      /'laperm\.sha256' is the file's checksum, which is computed/,
    )
    const read = decodeSafetensors('x', encodeSafetensors([tensor], { ...format, sha256: 'mine' }))
    expect(E.isRight(read) && { ...read.right.metadata }).toEqual({ ...format, sha256: 'mine' })
  })

  test('is the same with the platform’s SHA-256', () => {
    const sha256: Sha256 = (pieces) =>
      pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex')
    const metadata = { ...format, note: 'größer, "laperm.sha256":"0"' }
    const file = encodeSafetensors([tensor], metadata)
    expect(Buffer.concat(safetensorsPieces([tensor], metadata, { sha256 }))).toEqual(Buffer.from(file))
    expect(decodeSafetensors('x', file, { sha256 })).toEqual(decodeSafetensors('x', file))
    expect(E.isRight(decodeSafetensors('x', file))).toBe(true)
  })
})

test('writing refuses a shape that does not hold its values, a name twice and the name of the metadata', () => {
  const values = new Float32Array(4)
  for (const shape of [[3], [-2, -2], [0.5, 8]])
    expect(() => encodeSafetensors([{ name: 'a', shape, values }], {})).toThrow(
      /'a' of shape .* has 4 values/,
    )
  const twice = { name: 'a', shape: [4], values }
  expect(() => encodeSafetensors([twice, twice], {})).toThrow(/'a' occurs twice/)
  expect(() => encodeSafetensors([{ ...twice, name: '__metadata__' }], {})).toThrow(/taken by the metadata/)
})

test('no source but those of the entry for Node names a module of Node: the package runs in pages', () => {
  const folder = fileURLToPath(new URL('../src/', import.meta.url))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('node'),
  )
  expect(files.length).toBeGreaterThan(15)
  for (const file of files) expect(readFileSync(folder + file, 'utf8'), file).not.toMatch(/from 'node:/)
})

test('other floating types come as float32 where they are asked for, and what is no float is named', () => {
  // 1.5 is sign 0, exponent 15 and fraction 512 in float16: 0x3e00; 0x0001 is 2^-24, 0xfc00 -Infinity. bfloat16 is a float32's upper half: -2 is 0xc000.
  const data = Buffer.alloc(6 + 2 + 8 + 8)
  for (const [i, bits] of [0x3e00, 0x0001, 0xfc00, 0xc000].entries()) data.writeUInt16LE(bits, 2 * i)
  data.writeDoubleLE(0.1, 8)
  data.writeBigInt64LE(7n, 16)
  const file = fileOf(
    {
      half: { dtype: 'F16', shape: [3], data_offsets: [0, 6] },
      brain: { dtype: 'BF16', shape: [1], data_offsets: [6, 8] },
      double: { dtype: 'F64', shape: [1], data_offsets: [8, 16] },
      steps: { dtype: 'I64', shape: [], data_offsets: [16, 24] },
    },
    data,
  )
  expect(E.isLeft(decodeSafetensors('x', file))).toBe(true)
  const read = decodeSafetensors('x', file, { floats: 'any' })
  if (E.isLeft(read)) throw new Error(read.left.expected)
  expect(read.right.tensors.map(({ name, values }) => [name, ...values])).toEqual([
    ['half', 1.5, 2 ** -24, Number.NEGATIVE_INFINITY],
    ['brain', -2],
    ['double', Math.fround(0.1)],
  ])
  expect(read.right.leftOut).toEqual([{ name: 'steps', dtype: 'I64' }])
  const odd = fileOf({ a: { dtype: 'F12', shape: [1], data_offsets: [0, 4] } }, Buffer.alloc(4))
  expect(decodeSafetensors('x', odd, { floats: 'any' })).toMatchObject({
    left: { expected: "a type of safetensors in 'a'" },
  })
})
