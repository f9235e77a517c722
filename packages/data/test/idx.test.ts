import { describe, expect, it } from 'vitest'
import type { DataError } from '../src/data-error.ts'
import { DataProblem } from '../src/data-problem.ts'
import { parseIdxImages, parseIdxLabels } from '../src/formats/idx.ts'

const big = (value: number): number[] => [
  (value >>> 24) & 255,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
/** Two images of 2x3: the bytes 0..11. */
const images = Uint8Array.from([...big(0x803), ...big(2), ...big(2), ...big(3), ...Array(12).keys()])
const labels = Uint8Array.from([...big(0x801), ...big(3), 7, 0, 9])

const problemOf = (run: () => unknown): DataError => {
  try {
    run()
  } catch (error) {
    if (error instanceof DataProblem) return error.problem
    throw error
  }
  throw new Error('nothing was thrown')
}
const withByte = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const changed = Uint8Array.from(bytes)
  changed[at] = value
  return changed
}

describe('idx images', () => {
  it('are the bytes behind a header of 16', () => {
    const parsed = parseIdxImages('f', images, [2, 3], 10)
    expect(parsed.count).toBe(2)
    expect([...parsed.images]).toEqual([...Array(12).keys()])
  })

  it('are parsed at an offset of a larger buffer', () => {
    const larger = new Uint8Array(images.length + 5)
    larger.set(images, 5)
    expect(parseIdxImages('f', larger.subarray(5), [2, 3], 10).count).toBe(2)
  })

  it('with another magic number are refused, naming both', () => {
    expect(problemOf(() => parseIdxImages('f', withByte(images, 3, 1), [2, 3], 10))).toEqual({
      _tag: 'BadMagic',
      file: 'f',
      expected: '0x00000803',
      found: '0x00000801',
    })
  })

  it('of another size are refused', () => {
    expect(problemOf(() => parseIdxImages('f', withByte(images, 11, 3), [2, 3], 10))).toMatchObject({
      _tag: 'BadHeader',
      found: '3x3',
    })
  })

  it('more than allowed, or none, are refused before anything is allocated', () => {
    expect(problemOf(() => parseIdxImages('f', images, [2, 3], 1))).toMatchObject({
      _tag: 'BadHeader',
      found: '2',
    })
    expect(problemOf(() => parseIdxImages('f', withByte(images, 7, 0), [2, 3], 10))).toMatchObject({
      _tag: 'BadHeader',
      found: '0',
    })
    expect(problemOf(() => parseIdxImages('f', withByte(images, 4, 255), [2, 3], 10))).toMatchObject({
      _tag: 'BadHeader',
      found: String(0xff000002),
    })
  })

  it('cut short or with bytes behind them are refused, naming both lengths', () => {
    expect(problemOf(() => parseIdxImages('f', images.subarray(0, 27), [2, 3], 10))).toEqual({
      _tag: 'WrongLength',
      file: 'f',
      expectedBytes: 28,
      foundBytes: 27,
    })
    const longer = new Uint8Array(29)
    longer.set(images)
    expect(problemOf(() => parseIdxImages('f', longer, [2, 3], 10))).toMatchObject({ foundBytes: 29 })
  })

  it('cut inside the header are refused at every length', () => {
    for (let length = 0; length < 16; length++)
      expect(problemOf(() => parseIdxImages('f', images.subarray(0, length), [2, 3], 10))).toMatchObject({
        _tag: 'WrongLength',
        foundBytes: length,
      })
  })
})

describe('idx labels', () => {
  it('are the bytes behind a header of 8', () => {
    expect([...parseIdxLabels('f', labels, 10, 10)]).toEqual([7, 0, 9])
  })

  it('that are no class are refused, naming the example', () => {
    expect(problemOf(() => parseIdxLabels('f', labels, 9, 10))).toEqual({
      _tag: 'LabelOutOfRange',
      file: 'f',
      index: 2,
      label: 9,
      classes: 9,
    })
  })

  it('are not taken from an image file', () => {
    expect(problemOf(() => parseIdxLabels('f', images, 10, 10))).toMatchObject({ _tag: 'BadMagic' })
  })
})
