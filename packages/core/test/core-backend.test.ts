import { describe, expect, test } from 'vitest'
import { coreBackend } from '../src/operations/core-backend.ts'

const vector = (...values: number[]) => ({
  values: Float32Array.from(values),
  length: values.length,
  count: 1,
})

describe('coreBackend', () => {
  test('keeps a copy of what is uploaded, and hands out copies', async () => {
    const w = vector(2, 1)
    const bank = coreBackend.upload(w)
    w.values[0] = 9
    const down = await coreBackend.download(bank)
    expect(down).toEqual(vector(2, 1))
    down.values[1] = 9
    expect(await coreBackend.download(bank)).toEqual(vector(2, 1))
  })

  test('permuting by the rank bank is synchronizing', async () => {
    const sorted = coreBackend.sort(coreBackend.upload(vector(3, -1, 2)))
    const w = coreBackend.upload(vector(0.1, 0.3, 0.2))
    expect(await coreBackend.download(coreBackend.rank(w))).toEqual(vector(0, 2, 1))
    expect(await coreBackend.download(coreBackend.permute(sorted, coreBackend.rank(w)))).toEqual(
      vector(-1, 3, 2),
    )
    expect(await coreBackend.download(coreBackend.sync(sorted, w))).toEqual(vector(-1, 3, 2))
  })

  test('refuses banks that are no ranks', () => {
    expect(() => coreBackend.permute(vector(1, 2, 3), vector(0, 1.5, 2))).toThrow(
      /ranks: expected integers from 0 to 2, got 1.5 for weight 1 of vector 0/,
    )
    expect(() => coreBackend.permute(vector(1, 2, 3), vector(0, -1, 2))).toThrow(RangeError)
    expect(() => coreBackend.permute(vector(1, 2, 3), vector(0, 1, 3))).toThrow(RangeError)
  })
})
