import { describe, expect, test } from 'vitest'
import { crc32c } from '../../src/tensorboard/crc32c.ts'
import { encodeEvent, encodeVersion, readEventHead } from '../../src/tensorboard/event.ts'
import { frameRecord, wholeRecords } from '../../src/tensorboard/records.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const text = (letters: string): Uint8Array => new TextEncoder().encode(letters)

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4, and the catalogue's check value.
  test.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['123456789', text('123456789'), 0xe3069283],
  ])('of %s is the published one', (_name, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum)
  })
})

describe('a record', () => {
  test('is length, checksum, payload, checksum', () => {
    const record = frameRecord(text('ab'))
    expect(record.length).toBe(8 + 4 + 2 + 4)
    expect(hex(record.subarray(0, 8))).toBe('0200000000000000')
    expect(hex(record.subarray(12, 14))).toBe('6162')
  })

  test('is read back; half a record and what follows a damaged one are not', () => {
    const records = ['one', '', 'three'].map(text).map(frameRecord)
    const file = Buffer.concat(records)
    const found = (bytes: Uint8Array) => wholeRecords(bytes).map((payload) => Buffer.from(payload).toString())
    expect(found(file)).toEqual(['one', '', 'three'])
    for (let length = 0; length < file.length; length++)
      expect(found(file.subarray(0, length))).toEqual(
        ['one', '', 'three'].filter((_, i) => length >= Buffer.concat(records.slice(0, i + 1)).length),
      )
    for (let at = records[0].length; at < records[0].length + records[1].length; at++) {
      const damaged = Uint8Array.from(file)
      damaged[at] ^= 1
      expect(found(damaged)).toEqual(['one'])
    }
  })
})

describe('an event', () => {
  test('has the bytes of TensorFlow', () => {
    // wall_time = 1: tag 09. step = 300: tag 10, ac 02. summary: tag 2a; in it a value (0a) with tag 'a' (0a 01 61) and 0.5 as float (15).
    expect(hex(encodeEvent({ kind: 'scalars', step: 300, values: { a: 0.5 } }, 1))).toBe(
      '09000000000000f03f10ac022a0a0a080a0161150000003f',
    )
    expect(hex(encodeVersion(1))).toBe(`09000000000000f03f1a0d${hex(text('brain.Event:2'))}`)
  })

  test('says what it is; other bytes say nothing', () => {
    const histogram = { min: 0, max: 0, count: 1, sum: 0, sumOfSquares: 0, limits: [0], counts: [1] }
    expect(readEventHead(encodeVersion(1))).toEqual({ kind: 'version', step: 0 })
    expect(readEventHead(encodeEvent({ kind: 'scalars', step: 2 ** 40, values: { a: 0 } }, 1))).toEqual({
      kind: 'scalars',
      step: 2 ** 40,
    })
    expect(readEventHead(encodeEvent({ kind: 'histograms', step: 7, values: { a: histogram } }, 1))).toEqual({
      kind: 'histograms',
      step: 7,
    })
    for (const bytes of [[], [0xff], [0x2a, 0xff, 0xff], Array(20).fill(0x80)])
      expect(readEventHead(Uint8Array.from(bytes))).toBeNull()
  })
})
