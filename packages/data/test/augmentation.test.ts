import { settle } from '@laperm/core/settings'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AugmentationSpec, drawTransform, makeTransform } from '../src/augmentation/affine-transform.ts'
import { applyTransform } from '../src/augmentation/apply-transform.ts'
import { checkAugmentation } from '../src/augmentation/augmentation-rules.ts'
import { makeAugmenter } from '../src/augmentation/augmenter.ts'
import type { Examples } from '../src/dataset.ts'

const nothing: AugmentationSpec = { rotationDegrees: 0, shiftFraction: 0, zoom: 0, horizontalFlip: false }
const everything: AugmentationSpec = {
  rotationDegrees: 15,
  shiftFraction: 0.1,
  zoom: 0.1,
  horizontalFlip: true,
}

describe('makeTransform', () => {
  it('has the sine and cosine of every angle to 1e-14', () => {
    for (let degrees = -180; degrees <= 180; degrees += 0.37) {
      const { a, b } = makeTransform(
        { thetaDegrees: degrees, tx: 0, ty: 0, zx: 1, zy: 1, flip: false },
        [1, 1],
      )
      expect(Math.abs(a - Math.cos((degrees * Math.PI) / 180))).toBeLessThan(1e-14)
      expect(Math.abs(b - Math.sin((degrees * Math.PI) / 180))).toBeLessThan(1e-14)
    }
  })

  it('turns a square by 90 degrees exactly onto its pixels', () => {
    const image = Float32Array.of(1, 2, 3, 4)
    const out = new Float32Array(4)
    const quarter = makeTransform({ thetaDegrees: 90, tx: 0, ty: 0, zx: 1, zy: 1, flip: false }, [2, 2])
    applyTransform(image, [2, 2, 1], quarter, out)
    // Output (column 0, row 0) is read at R(90) (-1/2, -1/2) + (1/2, 1/2) = (column 1, row 0): the value 2.
    expect([...out].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([2, 4, 1, 3])
  })
})

describe('applyTransform', () => {
  it('interpolates between pixels and repeats the border', () => {
    // Read half a pixel further right: halves between neighbours, and the last pixel beyond the border.
    const half = { a: 1, b: 0, c: 0, d: 1, offsetY: 0, offsetX: 0.5, flip: false }
    const out = new Float32Array(3)
    applyTransform(Uint8Array.of(10, 20, 40), [1, 3, 1], half, out)
    expect([...out]).toEqual([15, 30, 40])
    applyTransform(Uint8Array.of(10, 20, 40), [1, 3, 1], { ...half, offsetX: -100 }, out)
    expect([...out]).toEqual([10, 10, 10])
  })

  it('gives bytes and floats the same bits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 27, maxLength: 27 }), fc.nat(), (bytes, index) => {
        const transform = drawTransform(everything, 1, 0, index, [3, 3])
        const fromBytes = new Float32Array(27)
        const fromFloats = new Float32Array(27)
        applyTransform(bytes, [3, 3, 3], transform, fromBytes)
        applyTransform(Float32Array.from(bytes), [3, 3, 3], transform, fromFloats)
        expect(fromBytes).toEqual(fromFloats)
      }),
    )
  })

  it('never leaves the range of the image, and keeps a flat image flat', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(), (bytes, index) => {
        const out = new Float32Array(20)
        applyTransform(bytes, [4, 5, 1], drawTransform(everything, 2, 0, index, [4, 5]), out)
        expect(Math.min(...out)).toBeGreaterThanOrEqual(Math.min(...bytes))
        expect(Math.max(...out)).toBeLessThanOrEqual(Math.max(...bytes))
      }),
    )
  })

  it('refuses buffers that are too short', () => {
    const transform = drawTransform(nothing, 1, 0, 0, [2, 2])
    expect(() => applyTransform(new Uint8Array(3), [2, 2, 1], transform, new Float32Array(4))).toThrow(
      RangeError,
    )
    expect(() => applyTransform(new Uint8Array(4), [2, 2, 1], transform, new Float32Array(3))).toThrow(
      RangeError,
    )
  })
})

describe('drawTransform', () => {
  it('is the identity when nothing is asked for', () => {
    expect(drawTransform(nothing, 3, 1, 4, [28, 28])).toEqual({
      a: 1,
      b: 0,
      c: -0,
      d: 1,
      offsetY: 0,
      offsetX: 0,
      flip: false,
    })
  })

  it('depends on seed, epoch and index, each', () => {
    const size = [28, 28] as const
    const base = drawTransform(everything, 1, 2, 3, size)
    expect(drawTransform(everything, 1, 2, 3, size)).toEqual(base)
    expect(drawTransform(everything, 2, 2, 3, size)).not.toEqual(base)
    expect(drawTransform(everything, 1, 3, 3, size)).not.toEqual(base)
    expect(drawTransform(everything, 1, 2, 4, size)).not.toEqual(base)
  })

  it('leaves the other movements as they were when one is switched off', () => {
    const shifts: AugmentationSpec = { ...nothing, shiftFraction: 0.1 }
    const withFlip: AugmentationSpec = { ...shifts, horizontalFlip: true }
    const one = drawTransform(shifts, 1, 0, 7, [32, 32])
    expect(drawTransform(withFlip, 1, 0, 7, [32, 32])).toEqual({ ...one, flip: expect.any(Boolean) })
  })

  it("has Keras's uniform distributions: ranges reached, means at the centre, half of the images mirrored", () => {
    const count = 4000
    const drawn = Array.from({ length: count }, (_, index) =>
      drawTransform({ ...nothing, shiftFraction: 0.1, horizontalFlip: true }, 1, 0, index, [40, 20]),
    )
    const shiftsX = drawn.map(({ offsetX }) => offsetX)
    const shiftsY = drawn.map(({ offsetY }) => offsetY)
    for (const [values, largest] of [
      [shiftsX, 4],
      [shiftsY, 2],
    ] as const) {
      expect(Math.max(...values)).toBeLessThanOrEqual(largest)
      expect(Math.max(...values)).toBeGreaterThan(0.98 * largest)
      expect(Math.min(...values)).toBeLessThan(-0.98 * largest)
      // The mean of 4000 uniforms in +-L has deviation L / sqrt(3 * 4000) = L / 110: five of them.
      expect(Math.abs(values.reduce((sum, v) => sum + v, 0) / count)).toBeLessThan(largest / 22)
    }
    const flips = drawn.filter(({ flip }) => flip).length
    // Binomial(4000, 1/2): deviation 31.6; five of them.
    expect(Math.abs(flips - 2000)).toBeLessThan(158)
    const zooms = Array.from(
      { length: count },
      (_, index) => drawTransform({ ...nothing, zoom: 0.1 }, 1, 0, index, [40, 20]).a,
    )
    expect([Math.min(...zooms) < 0.902, Math.min(...zooms) >= 0.9, Math.max(...zooms) > 1.098]).toEqual([
      true,
      true,
      true,
    ])
    const sines = Array.from(
      { length: count },
      (_, index) => drawTransform({ ...nothing, rotationDegrees: 10 }, 1, 0, index, [40, 20]).c,
    )
    const largestSine = Math.sin((10 * Math.PI) / 180)
    expect(Math.max(...sines)).toBeLessThanOrEqual(largestSine)
    expect(Math.max(...sines)).toBeGreaterThan(0.98 * largestSine)
  })

  it('has not changed', () => {
    const { a, b, offsetY, offsetX, flip } = drawTransform(everything, 1, 0, 0, [32, 32])
    expect([a, b, offsetY, offsetX, flip]).toMatchInlineSnapshot(`
      [
        1.0400747763499596,
        0.09224726303002348,
        0.06812862913060491,
        0.07379592763397191,
        true,
      ]
    `)
  })
})

describe('makeAugmenter', () => {
  const examples: Examples = {
    inputs: Uint8Array.from({ length: 5 * 48 }, (_, i) => (i * 37) & 255),
    labels: new Uint8Array(5),
    count: 5,
  }

  it('draws each image by its number in the training set, wherever it stands in the batch', () => {
    const augmenter = makeAugmenter(everything, [4, 4, 3], 9)
    const out = new Float32Array(2 * 48)
    augmenter.fill(examples, 6, Uint32Array.of(0, 3, 1), 1, 2, out)
    for (const [place, index] of [
      [0, 3],
      [1, 1],
    ]) {
      const alone = new Float32Array(48)
      const image = examples.inputs.subarray(index * 48, index * 48 + 48)
      applyTransform(image, [4, 4, 3], drawTransform(everything, 9, 6, index, [4, 4]), alone)
      expect(out.subarray(place * 48, place * 48 + 48)).toEqual(alone)
    }
  })

  // The least and the greatest that each rule allows, and what is beyond.
  const almostOne = 1 - 2 ** -53
  it.each([
    ['rotationDegrees', [0, 180], [-Number.MIN_VALUE, 180.00001, Number.NaN, '5']],
    ['shiftFraction', [0, almostOne], [-Number.MIN_VALUE, 1, Number.NaN]],
    ['zoom', [0, almostOne], [-Number.MIN_VALUE, 1, Number.NaN]],
    ['horizontalFlip', [true, false], [0, undefined]],
  ])('takes a %s of %j and none of %j, for programs and from outside', (field, allowed, refused) => {
    const withValue = (value: unknown) => ({ ...nothing, [field]: value }) as AugmentationSpec
    for (const value of allowed) {
      expect(makeAugmenter(withValue(value), [4, 4, 3], 1).spec).toEqual(withValue(value))
      expect(checkAugmentation('augmentation', withValue(value))).toEqual(withValue(value))
    }
    for (const value of refused) {
      expect(() => makeAugmenter(withValue(value), [4, 4, 3], 1)).toThrow(RangeError)
      const problem = settle(() => checkAugmentation('augmentation', withValue(value)))
      expect(problem).toMatchObject({ left: { setting: `augmentation.${field}` } })
    }
  })

  it('refuses buffers that are too short', () => {
    const augmenter = makeAugmenter(everything, [4, 4, 3], 9)
    expect(() => augmenter.fill(examples, 0, Uint32Array.of(0), 0, 2, new Float32Array(96))).toThrow(
      RangeError,
    )
    expect(() => augmenter.fill(examples, 0, Uint32Array.of(0, 1), 0, 2, new Float32Array(95))).toThrow(
      RangeError,
    )
  })
})
