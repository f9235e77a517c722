import { describe, expect, test } from 'vitest'
import type { Progress } from '../../src/messages/events.ts'
import { makeRunHistory } from '../../src/page/run-history.ts'

const progress = (from: number, to: number): Progress => ({
  step: to,
  losses: Array.from({ length: to - from + 1 }, (_, i) => ({
    step: from + i,
    values: { laperm: from + i, adam: 2 * (from + i), lookahead: 1 },
  })),
  evaluations: [],
  syncs: [],
  distances: [],
  proof: null,
  stepsSinceSync: 0,
  msPerStep: 1,
  keptEvery: 1,
})

describe("a run's history", () => {
  test('draws the first loss alone and then the mean of five, however reports are cut', () => {
    const [whole, cut] = [makeRunHistory(), makeRunHistory()]
    whole.add(progress(1, 11))
    for (const [from, to] of [
      [1, 3],
      [4, 4],
      [5, 11],
    ])
      cut.add(progress(from, to))
    // Steps 2..6 have the mean 4, steps 7..11 the mean 9.
    expect(whole.losses.laperm).toEqual({ steps: [1, 6, 11], values: [1, 4, 9] })
    expect(whole.losses.adam.values).toEqual([2, 8, 18])
    expect(cut.losses).toEqual(whole.losses)
  })

  test('keeps the first ten losses as they were', () => {
    const history = makeRunHistory()
    history.add(progress(1, 30))
    expect(history.firstLosses.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(history.firstLosses[9].values.adam).toBe(20)
  })
})
