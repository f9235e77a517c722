import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeDigits } from '../src/digits/digits.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('the bits of digits', () => {
  it('have not changed: published results name the data set by its seed', () => {
    const { train, test } = makeDigits(1, { train: 200, test: 100 })
    expect({
      trainImages: sha256(train.inputs),
      trainLabels: sha256(train.labels),
      testImages: sha256(test.inputs),
      testLabels: sha256(test.labels),
    }).toMatchInlineSnapshot(`
      {
        "testImages": "36d5a997fe2a46c98f4cf932208cb8eb64572440f38d30ea589503396a381034",
        "testLabels": "75c90e37c588a9a665621f03e55926969032258bfd2af75dc1d3375f3000715e",
        "trainImages": "1becfabe645e736e90669c6b5d5816b94f6768a121ed7e589ee09e75b223cd99",
        "trainLabels": "b36b5dfa9d45efc248e545c4f8048e3e95ced0ef7e6145925289fdf20ba8c704",
      }
    `)
  })

  it('follow the seed, negative and large ones too', () => {
    const hashes = [-1, 0, 1, 2 ** 40].map((seed) =>
      sha256(makeDigits(seed, { train: 10, test: 1 }).train.inputs),
    )
    expect(new Set(hashes).size).toBe(4)
  })
})
