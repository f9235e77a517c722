import { coreBackend, type WeightVectors } from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { makeBench, measureInTurns, quartiles } from '../../src/measure/measure-sync.ts'

describe('the synchronize benchmark', () => {
  test('takes quartiles by interpolation', () => {
    // Of 1..4 the median lies between 2 and 3, the lower quartile three quarters of the way from 1 to 2.
    expect(quartiles([4, 1, 3, 2])).toEqual([1.75, 2.5, 3.25])
    expect(quartiles([7])).toEqual([7, 7, 7])
  })

  test('gives every backend its turn in every round, begins with another each time, and drops the first round', async () => {
    const order: string[] = []
    const bench = (name: string) => ({
      run: async () => {
        order.push(name)
        return order.length
      },
      dispose: () => undefined,
    })
    const rounds: number[] = []
    const times = await measureInTurns([bench('a'), bench('b')], 2, (done) => rounds.push(done))
    expect(order.join('')).toBe('abbaab')
    expect(rounds).toEqual([0, 1, 2])
    expect(times).toEqual([
      [4, 5],
      [3, 6],
    ])
  })

  test('counts one synchronization, gives back every bank but those that it still holds, and frees these in the end', async () => {
    let [banks, clock] = [0, 0]
    const counted = {
      ...coreBackend,
      upload: (w: WeightVectors) => {
        banks++
        return coreBackend.upload(w)
      },
      sync: (sorted: WeightVectors, w: WeightVectors) => {
        banks++
        clock += 8
        return coreBackend.sync(sorted, w)
      },
      dispose: () => {
        banks--
      },
    }
    const w = { values: Float32Array.of(3, 1, 2), length: 3, count: 1 }
    const bench = makeBench(counted, [{ sorted: { ...w, values: Float32Array.of(1, 2, 3) }, w }], () => clock)
    // The clock moves by 8 a synchronization.
    expect(await bench.run()).toBe(8)
    expect(banks).toBe(2)
    bench.dispose()
    expect(banks).toBe(0)
  })
})
