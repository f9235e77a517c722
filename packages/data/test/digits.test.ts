import { describe, expect, it } from 'vitest'
import { epochOrder } from '../src/batches/epoch-order.ts'
import type { PixelExamples } from '../src/dataset.ts'
import { digitLabel, drawDigit, makeDigits } from '../src/digits/digits.ts'

/** Test accuracy of softmax regression, trained by SGD with a decaying rate on `p / 255`. Plain float64 loops, black pixels skipped. */
const linearAccuracy = (train: PixelExamples, test: PixelExamples, epochs: number): number => {
  const pixels = 784
  const weights = new Float64Array(10 * pixels)
  const biases = new Float64Array(10)
  const logits = new Float64Array(10)
  const slopes = new Float64Array(10)
  const forward = (images: Uint8Array, at: number): void => {
    logits.set(biases)
    for (let j = 0; j < pixels; j++) {
      const pixel = images[at + j] / 255
      if (pixel !== 0) for (let k = 0; k < 10; k++) logits[k] += weights[10 * j + k] * pixel
    }
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 0.02 * 0.65 ** epoch
    for (const index of epochOrder(train.count, 1, epoch)) {
      const at = index * pixels
      forward(train.inputs, at)
      const largest = Math.max(...logits)
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
      for (let k = 0; k < 10; k++) {
        slopes[k] = rate * (Math.exp(logits[k] - largest) / total - (train.labels[index] === k ? 1 : 0))
        biases[k] -= slopes[k]
      }
      for (let j = 0; j < pixels; j++) {
        const pixel = train.inputs[at + j] / 255
        if (pixel !== 0) for (let k = 0; k < 10; k++) weights[10 * j + k] -= slopes[k] * pixel
      }
    }
  }
  let correct = 0
  for (let i = 0; i < test.count; i++) {
    forward(test.inputs, i * pixels)
    if (logits.indexOf(Math.max(...logits)) === test.labels[i]) correct++
  }
  return correct / test.count
}

describe('digits', () => {
  it('are an image each by (seed, split, index) alone: drawn one by one, or in a smaller set, they are the same', () => {
    const { train, test } = makeDigits(7, { train: 30, test: 12 })
    const smaller = makeDigits(7, { train: 10, test: 1 })
    expect(train.inputs.subarray(0, 7840)).toEqual(smaller.train.inputs)
    for (const [split, examples, index] of [
      ['train', train, 29],
      ['train', train, 3],
      ['test', test, 11],
    ] as const) {
      const alone = drawDigit(7, split, index)
      expect(alone.label).toBe(examples.labels[index])
      expect([...alone.image]).toEqual([...examples.inputs.subarray(index * 784, index * 784 + 784)])
    }
  })

  it('differ by seed, split and index', () => {
    const images = [
      drawDigit(1, 'train', 0),
      drawDigit(2, 'train', 0),
      drawDigit(1, 'test', 0),
      drawDigit(1, 'train', 1),
    ].map(({ image }) => image.join())
    expect(new Set(images).size).toBe(4)
  })

  it('come in blocks of ten that hold every class once, in drawn order', () => {
    const blocks = Array.from({ length: 20 }, (_, block) =>
      Array.from({ length: 10 }, (_, i) => digitLabel(1, 'train', 10 * block + i)),
    )
    for (const block of blocks) expect([...block].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(new Set(blocks.map(String)).size).toBeGreaterThan(18)
  })

  it('are dark images with a bright stroke that lies inside', () => {
    const { inputs: images, count } = makeDigits(1, { train: 500, test: 1 }).train
    for (let i = 0; i < count; i++) {
      const image = images.subarray(i * 784, i * 784 + 784)
      const bright = image.filter((value) => value > 100).length
      // A thin straight 1 has some 15 bright pixels, a fat 8 some 250.
      expect(bright).toBeGreaterThan(12)
      expect(bright).toBeLessThan(300)
      const border = image.filter((value, at) => {
        const x = at % 28
        const y = (at - x) / 28
        return value > 100 && (x === 0 || y === 0 || x === 27 || y === 27)
      }).length
      expect(border).toBeLessThan(18)
    }
  })

  it('refuse sizes and seeds that are none', () => {
    expect(() => makeDigits(1, { train: 0, test: 1 })).toThrow('sizes.train is 0')
    expect(() => makeDigits(1, { train: 1, test: 1.5 })).toThrow('sizes.test is 1.5')
    expect(() => makeDigits(0.5)).toThrow(RangeError)
  })

  it('are too hard for a linear model, which stays below 95%, yet no noise: it passes 88%', () => {
    const { train, test } = makeDigits()
    const accuracy = linearAccuracy(train, test, 8)
    console.log(`softmax regression on digits: ${(100 * accuracy).toFixed(2)}%`)
    expect(accuracy).toBeGreaterThan(0.88)
    expect(accuracy).toBeLessThan(0.95)
  })
})
