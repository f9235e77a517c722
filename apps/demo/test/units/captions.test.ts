/** Sentences below the charts say what the charts show. */
import { describe, expect, test } from 'vitest'
import {
  accuracyCaption,
  adamSortedCaption,
  distanceCaption,
  lapermSortedCaption,
  lossCaption,
  neuronCaption,
} from '../../src/page/captions.ts'
import { milestoneText } from '../../src/page/milestones.ts'

const series = (steps: number[] = [], values: number[] = []) => ({ steps, values })
const run = (laperm: number[], adam: number[]) => {
  const steps = laperm.map((_, i) => 20 * i)
  return { laperm: series(steps, laperm), adam: series(steps, adam), lookahead: series() }
}
const sorted = (laperm: number[], adam: number[]) => ({
  sorted: {
    length: 4,
    count: 1,
    whole: { length: 4, count: 1 },
    initial: Float32Array.of(1, 2, 3, 4),
    laperm: Float32Array.from(laperm),
    adam: Float32Array.from(adam),
  },
})

describe('captions', () => {
  test('compare accuracies as they are', () => {
    const accuracies = (laperm: number[], adam: number[]) =>
      accuracyCaption({ accuracies: run(laperm, adam) })
    expect(accuracies([0.1, 0.9], [0.1, 0.95])).toMatch(/reads 5\.0 points less than Adam/)
    expect(accuracies([0.1, 0.95], [0.1, 0.9])).toMatch(/reads 5\.0 points more than Adam/)
    expect(accuracies([0.1, 0.9], [0.1, 0.9])).toMatch(/reads as many images as Adam/)
    expect(accuracies([0.1], [0.1])).not.toMatch(/now reads/)
  })

  test('say whether the loss rises or falls at synchronizations', () => {
    const losses = (values: number[]) => ({ ...run([], []), laperm: series([5, 10, 15, 20, 25, 30], values) })
    expect(lossCaption({ losses: losses([5, 4, 3, 2, 3, 2]), syncs: [20] }, 5)).toMatch(/has risen by 1\.0/)
    expect(lossCaption({ losses: losses([5, 4, 3, 2, 1.5, 1]), syncs: [20] }, 5)).toMatch(
      /has fallen by 0\.50/,
    )
    expect(lossCaption({ losses: losses([]), syncs: [] }, 5)).not.toMatch(/Across/)
  })

  test('write distances in places', () => {
    expect(distanceCaption({ distances: series([10], [0.5 / 784]) }, 784)).toMatch(
      /At step 10: 0\.50 of 784 places/,
    )
  })

  test('say of sorted weights what is equal and what is not', () => {
    expect(lapermSortedCaption(sorted([1, 2, 3, 4], []))).toMatch(/All 4 values drawn here are θ₀'s/)
    expect(lapermSortedCaption(sorted([1, 2, 3, 5], []))).toMatch(/1 of the 4 values drawn here are not/)
    expect(adamSortedCaption(sorted([], [1, 2, 3, 4]))).toMatch(/no value has changed yet/)
    expect(adamSortedCaption(sorted([], [1.1, 2, 3, 4]))).toMatch(/25\.0% .* it keeps its shape/)
    expect(adamSortedCaption(sorted([], [0, 0, 0, 9]))).toMatch(/it has another shape by now/)
  })

  test('count the weights of a neuron that moved, and whether they are the same', () => {
    const view = (now: number[]) => ({
      step: 20,
      layer: 'a',
      neuron: 3,
      images: null,
      image: { side: 2, before: Float32Array.of(1, 2, 3, 4), now: Float32Array.from(now), moves: [] },
    })
    expect(neuronCaption(view([2, 1, 3, 4]))).toMatch(
      /2 of its 4 places hold another weight.*none is new, none is gone/,
    )
    expect(neuronCaption(view([2, 2, 3, 4]))).toMatch(/not all of its values are those from before/)
  })
})

test('milestones change when a mark is reached, and not in between', () => {
  const at = (laperm: number[]) =>
    milestoneText({
      accuracies: run(
        laperm,
        laperm.map((value) => value + 0.01),
      ),
    })
  expect(at([0.1, 0.4])).toBe('')
  expect(at([0.1, 0.55])).toBe('Step 20: LaPerm reads 55.0%, Adam 56.0%.')
  expect(at([0.1, 0.55, 0.7])).toBe(at([0.1, 0.55]))
  expect(at([0.1, 0.55, 0.7, 0.82])).toBe('Step 60: LaPerm reads 82.0%, Adam 83.0%.')
})
