import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochOrder } from '../src/batches/epoch-order.ts'
import { type Dataset, type Examples, fillLabels, limitDataset } from '../src/dataset.ts'

const examples: Examples = {
  inputs: Uint8Array.from({ length: 20 }, (_, i) => i),
  labels: Uint8Array.of(4, 3, 2, 1, 0),
  count: 5,
}
const dataset: Dataset = {
  name: 'small',
  inputShape: [2, 2, 1],
  classes: 5,
  train: examples,
  test: examples,
  warnings: ['w'],
}

describe('epochOrder', () => {
  it('is a permutation, the same for the same seed and epoch, another for others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), fc.nat(), (count, seed, epoch) => {
        const order = epochOrder(count, seed, epoch)
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(count).keys()])
        expect(epochOrder(count, seed, epoch)).toEqual(order)
        if (count < 30) return
        expect(epochOrder(count, seed, epoch + 1)).not.toEqual(order)
        expect(epochOrder(count, seed + 1, epoch)).not.toEqual(order)
      }),
    )
  })

  it('has not changed', () => {
    expect([...epochOrder(10, 1, 0)]).toMatchInlineSnapshot(`
      [
        8,
        9,
        6,
        3,
        1,
        4,
        0,
        5,
        7,
        2,
      ]
    `)
    expect([...epochOrder(10, 1, 1)]).toMatchInlineSnapshot(`
      [
        3,
        7,
        4,
        8,
        0,
        5,
        2,
        9,
        1,
        6,
      ]
    `)
  })

  it('refuses a count that is none', () => {
    expect(() => epochOrder(-1, 1, 0)).toThrow(RangeError)
    expect(() => epochOrder(2.5, 1, 0)).toThrow(RangeError)
  })
})

describe('fillLabels', () => {
  it('gathers the labels of a batch', () => {
    const out = new Uint8Array(3)
    fillLabels(examples, Uint32Array.of(0, 4, 1, 3), 1, 3, out)
    expect([...out]).toEqual([0, 3, 1])
  })

  it('refuses to read or write beyond its buffers', () => {
    expect(() => fillLabels(examples, Uint32Array.of(0, 1), 1, 2, new Uint8Array(2))).toThrow(RangeError)
    expect(() => fillLabels(examples, Uint32Array.of(0, 1), 0, 2, new Uint8Array(1))).toThrow(RangeError)
  })
})

describe('limitDataset', () => {
  it('keeps the first training examples and the whole test set, without a copy', () => {
    const limited = limitDataset(dataset, 2)
    expect([...limited.train.inputs]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect([...limited.train.labels]).toEqual([4, 3])
    expect(limited.train.count).toBe(2)
    expect(limited.train.inputs.buffer).toBe(examples.inputs.buffer)
    expect(limited.test).toBe(examples)
    expect(limited.warnings).toEqual(['w'])
  })

  it('gives everything when there is no more', () => {
    expect(limitDataset(dataset, 5)).toBe(dataset)
    expect(limitDataset(dataset, 1e6)).toBe(dataset)
  })

  it('keeps the first test examples, where that is asked for', () => {
    const limited = limitDataset(dataset, null, 2)
    expect(limited.train).toBe(examples)
    expect([...limited.test.inputs]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(limited.test.count).toBe(2)
    expect(limitDataset(dataset, null, 1e6)).toBe(dataset)
    expect(() => limitDataset(dataset, null, 0)).toThrow(/testLimit is 0/)
  })

  it('refuses a limit that is none', () => {
    for (const limit of [0, -1, 1.5, Number.NaN])
      expect(() => limitDataset(dataset, limit)).toThrow(RangeError)
  })
})
