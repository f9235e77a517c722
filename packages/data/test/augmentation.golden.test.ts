import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makeTransform } from '../src/augmentation/affine-transform.ts'
import { applyTransform } from '../src/augmentation/apply-transform.ts'

interface KerasCase {
  readonly name: string
  readonly shape: readonly [number, number, number]
  readonly transform: {
    readonly theta: number
    readonly tx: number
    readonly ty: number
    readonly zx: number
    readonly zy: number
  }
  /** Base64 of little-endian float32. */
  readonly input: string
  readonly output: string
}

const { cases }: { readonly cases: readonly KerasCase[] } = JSON.parse(
  readFileSync(new URL('./fixtures/keras-affine.json', import.meta.url), 'utf8'),
)
const floats = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)

describe("Keras 3.15's apply_affine_transform", () => {
  it('left 24 cases', () => {
    expect(cases).toHaveLength(24)
  })

  it.each(cases)('is equalled to 1e-5: $name', ({ shape, transform: keras, input, output }) => {
    const { theta, tx, ty, zx, zy } = keras
    const transform = makeTransform({ thetaDegrees: theta, tx, ty, zx, zy, flip: false }, [
      shape[0],
      shape[1],
    ])
    const expected = floats(output)
    const out = new Float32Array(expected.length)
    applyTransform(floats(input), shape, transform, out)
    const worst = out.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i])), 0)
    expect(worst).toBeLessThanOrEqual(1e-5)

    const flipped = new Float32Array(expected.length)
    applyTransform(floats(input), shape, { ...transform, flip: true }, flipped)
    const [height, width, channels] = shape
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++)
          expect(flipped[(y * width + x) * channels + c]).toBe(
            out[(y * width + width - 1 - x) * channels + c],
          )
  })
})
