import { readFileSync } from 'node:fs'
import type { ParameterRole, Params } from '@laperm/core'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  packLaperm,
  readLapermHeader,
  renderNotAnArrangement,
  unpackLaperm,
  unpackWeights,
} from '../src/index.ts'
import { makeRangeDecoder, makeRangeEncoder } from '../src/laperm/range-coder.ts'

const options = { initial: null, permutedRoles: ['kernel'] as readonly ParameterRole[] }
const kernel = (values: readonly number[], shape: readonly number[]): Params => [
  { name: 'dense/kernel', shape, role: 'kernel', values: Float32Array.from(values) },
]
const pack = (initial: Params, params: Params) => packLaperm(initial, params, options)
const file = (initial: Params, params: Params): Uint8Array => {
  const packed = pack(initial, params)
  if (E.isLeft(packed)) throw new Error(renderNotAnArrangement(packed.left))
  return packed.right
}

describe('the range coder', () => {
  it('carries through bytes of 255', () => {
    // Symbols at the upper end of the interval, then one that crosses it: the sum runs through all bytes that are out.
    const symbols = [...Array.from({ length: 40 }, () => 254), 255, 255, 255, 0, 255, 128]
    const encoder = makeRangeEncoder()
    for (const symbol of symbols) encoder.encode(symbol, 1, 256)
    encoder.encode(2, 1, 3)
    const bytes = encoder.finish()
    const decoder = makeRangeDecoder(bytes)
    for (const symbol of symbols) {
      expect(decoder.locate(256)).toBe(symbol)
      decoder.take(symbol, 1, 256)
    }
    expect(decoder.locate(3)).toBe(2)
  })

  it('keeps symbols whose chances are one in 2^31 - 1', () => {
    const total = 2 ** 31 - 1
    const symbols = [0, 1, total - 1, 12345, total >> 1]
    const encoder = makeRangeEncoder()
    for (const symbol of symbols) encoder.encode(symbol, 1, total)
    const decoder = makeRangeDecoder(encoder.finish())
    for (const symbol of symbols) {
      expect(decoder.locate(total)).toBe(symbol)
      decoder.take(symbol, 1, total)
    }
  })
})

describe('a packed network', () => {
  it('needs no data where a vector has one value, or where nothing has moved', () => {
    const same = kernel([0.08, 0.08, 0.08, 0.08], [4, 1])
    const moved = kernel([0.3, 0.1, 0.2, 0.4], [4, 1])
    const parametersOf = (bytes: Uint8Array) => {
      const read = readLapermHeader('net.laperm', bytes)
      return E.isRight(read)
        ? read.right.header.parameters.map(({ coding, bytes: size }) => [coding, size])
        : []
    }
    expect(parametersOf(file(same, same))).toEqual([['initial', 0]])
    expect(parametersOf(file(moved, moved))).toEqual([['initial', 0]])
    // Four places for one of 4! orders: 4.6 bits, one byte.
    expect(parametersOf(file(moved, kernel([0.1, 0.2, 0.3, 0.4], [4, 1])))[0]).toEqual([
      'arrangement',
      expect.any(Number),
    ])
  })

  it('takes less than a bit a weight where 40% of a one-value network are zeros', () => {
    const values = Array.from({ length: 7840 }, (_, i) => (i % 10 < 4 ? 0 : 0.08))
    const turned = values.map((_, i) => values[(i * 3877) % 7840])
    const bytes = file(kernel(values, [7840, 1]), kernel(turned, [7840, 1]))
    const read = readLapermHeader('net.laperm', bytes)
    // log2 of 7840 over 3136: 7840 H(0.4) - log2(2 pi 7840 0.24) / 2 = 7612.3 - 6.8 = 7605.5 bits.
    expect(E.isRight(read) && read.right.header.parameters[0].bytes).toBe(951)
  })

  it('is refused where a weight is none of the initial ones, or in the place of another rank', () => {
    const initial = kernel([1, 2, 3, 4, 5, 6], [3, 2])
    expect(pack(initial, kernel([1, 2, 3, 4, 5, 7], [3, 2]))).toEqual(
      E.left({ _tag: 'NotAnArrangement', parameter: 'dense/kernel', vector: 1, index: 2, value: 7 }),
    )
    // Vector 0 is 1, 3, 5: a value of the other vector is a stranger.
    expect(pack(initial, kernel([2, 1, 3, 4, 5, 6], [3, 2]))).toMatchObject({
      left: { vector: 0, index: 0, value: 2 },
    })
    expect(pack(initial, kernel([1, 2, NaN, 4, 5, 6], [3, 2]))).toMatchObject({
      left: { vector: 0, index: 1, value: NaN },
    })
  })

  it('is refused with other initial weights, another network, another version, and other bytes', () => {
    const initial = kernel([1, 2, 3, 4, 5, 6], [3, 2])
    const bytes = file(initial, kernel([5, 4, 3, 2, 1, 6], [3, 2]))
    const expected = (read: ReturnType<typeof unpackLaperm>) =>
      E.isLeft(read) ? `${read.left.expected}, ${read.left.found}` : 'read'
    expect(expected(unpackLaperm('n', bytes, initial))).toBe('read')
    expect(expected(unpackLaperm('n', bytes, kernel([1, 2, 3, 4, 5, 7], [3, 2])))).toMatch(
      /^initial weights whose sorted values/,
    )
    expect(expected(unpackLaperm('n', bytes, kernel([1, 2, 3, 4, 5, 6], [2, 3])))).toBe(
      "'dense/kernel' of shape [2, 3], [3, 2]",
    )
    expect(expected(unpackLaperm('n', bytes, []))).toBe("only parameters of the network, 'dense/kernel'")
    const later = bytes.slice()
    later[7] = 3
    expect(expected(unpackLaperm('n', later, initial))).toBe('version 1 or 2 of the format, version 3')
    expect(expected(unpackLaperm('n', new Uint8Array(20), initial))).toBe(
      'a .laperm file, another first line',
    )
  })

  it('has 80 bytes beside its description and its arrangements', () => {
    const moved = file(kernel([1, 2, 3, 4], [4, 1]), kernel([4, 3, 2, 1], [4, 1]))
    // The name, twice a number, and what deflate takes for its end.
    expect(moved.length).toBeLessThan(80 + 40)
  })

  it('of version 1 is read', () => {
    const bytes = readFileSync(
      new URL('../../../test/fixtures/laperm/foreign-version-1.laperm', import.meta.url),
    )
    const initial = [
      { name: 'fc.weight', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
      { name: 'fc.bias', shape: [2], values: Float32Array.of(0, 0) },
    ]
    expect(bytes[7]).toBe(1)
    expect(unpackWeights('n', bytes, initial)).toEqual(
      E.right([
        { name: 'fc.weight', shape: [2, 3], values: Float32Array.of(3, 1, 2, 6, 5, 4) },
        { name: 'fc.bias', shape: [2], values: Float32Array.of(0.5, -1) },
      ]),
    )
  })

  it('reads a Buffer of a pool like any other bytes', () => {
    const initial: Params = [
      ...kernel([1, 2, 3], [3, 1]),
      { name: 'bias', shape: [1], role: 'bias', values: Float32Array.of(0) },
    ]
    const params: Params = [
      ...kernel([2, 3, 1], [3, 1]),
      { name: 'bias', shape: [1], role: 'bias', values: Float32Array.of(7) },
    ]
    const read = unpackLaperm('n', Buffer.from(file(initial, params)), initial)
    expect(E.isRight(read) && read.right[1].values).toEqual(Float32Array.of(7))
  })
})
