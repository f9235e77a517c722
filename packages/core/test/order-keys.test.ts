import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitsOfKey, orderKey } from '../src/order/order-keys.ts'

const key = (value: number): number => orderKey(new Uint32Array(Float32Array.of(value).buffer)[0])

describe('orderKey', () => {
  test('maps chosen floats to the integers derived by hand', () => {
    // +0 has bits 00000000: the sign bit is set. 1 has bits 3f800000. -1 has bits bf800000: inverted, 407fffff.
    expect(key(0)).toBe(0x80000000)
    expect(key(1)).toBe(0xbf800000)
    expect(key(-1)).toBe(0x407fffff)
    // -Infinity ff800000 and Infinity 7f800000 bound all numbers.
    expect(key(-Infinity)).toBe(0x007fffff)
    expect(key(Infinity)).toBe(0xff800000)
  })

  test('gives -0 the key of +0, and leaves -0 its own key empty', () => {
    expect(key(-0)).toBe(key(0))
    expect(key(-(2 ** -149))).toBe(key(0) - 2)
    expect(key(2 ** -149)).toBe(key(0) + 1)
  })

  test('and back: the bits of every number but -0', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        const bits = new Uint32Array(Float32Array.of(value + 0).buffer)[0]
        expect(bitsOfKey(key(value))).toBe(bits)
      }),
      { numRuns: 2000 },
    )
    expect(bitsOfKey(key(-0))).toBe(0)
    expect(bitsOfKey(key(-Infinity))).toBe(0xff800000)
  })

  test('orders as the floats do', () => {
    const float = fc.float({ noNaN: true })
    fc.assert(
      fc.property(float, float, (a, b) => {
        expect(Math.sign(key(a) - key(b))).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
      { numRuns: 2000 },
    )
  })
})
