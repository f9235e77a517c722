import { describe, expect, test } from 'vitest'
import { lookahead } from '../src/optimizers/lookahead.ts'
import { momentum } from '../src/optimizers/momentum.ts'
import { sgd } from '../src/optimizers/sgd.ts'
import type { Params } from '../src/parameter.ts'

const params: Params = [
  { name: 'kernel', shape: [2, 1], role: 'kernel', values: Float32Array.of(0, 8) },
  { name: 'mean', shape: [1], role: 'movingMean', values: Float32Array.of(7) },
]
const gradients = [Float32Array.of(-1, 1), new Float32Array(0)]

const run = <S>(optimizer: ReturnType<typeof lookahead<S>>, steps: number): number[][] => {
  let current = params
  let state = optimizer.init(params)
  return Array.from({ length: steps }, () => {
    ;[current, state] = optimizer.step(gradients, state, current)
    expect(current[1]).toBe(params[1])
    return [...current[0].values]
  })
}

describe('lookahead', () => {
  test('by hand: two fast steps, then half way back', () => {
    // Fast weights move by +1 and -1 a step. After two: slow = 0 + 0.5 * 2 = 1 and 8 - 0.5 * 2 = 7; fast restarts there.
    expect(run(lookahead({ inner: sgd({ learningRate: 1 }), syncPeriod: 2 }), 4)).toEqual([
      [1, 7],
      [1, 7],
      [2, 6],
      [2, 6],
    ])
  })

  test('a slow step size of 1 is the inner optimizer alone', () => {
    const inner = momentum({ learningRate: 0.1 })
    const alone = run(lookahead({ inner, syncPeriod: 1000 }), 9)
    expect(run(lookahead({ inner, syncPeriod: 3, slowStepSize: 1 }), 9)).toEqual(alone)
  })

  test("keeps the inner optimizer's state across synchronizations", () => {
    const optimizer = lookahead({ inner: momentum({ learningRate: 1, momentum: 0.5 }), syncPeriod: 1 })
    let current = params
    let state = optimizer.init(params)
    ;[current, state] = optimizer.step(gradients, state, current)
    ;[current, state] = optimizer.step(gradients, state, current)
    // Velocity 1, then 0.5 + 1; slow 0.5, then 0.5 + 0.5 * 1.5.
    expect(state.inner.slots['velocity'][0][0]).toBe(1.5)
    expect(current[0].values[0]).toBe(1.25)
    expect(state.slow[0]).toEqual(current[0].values)
    expect(state).toMatchObject({ step: 2, stepsSinceSync: 0 })
  })

  test('writes neither state nor parameters', () => {
    const optimizer = lookahead({ inner: sgd({ learningRate: 1 }), syncPeriod: 1 })
    const state = optimizer.init(params)
    const before = structuredClone([state, params])
    optimizer.step(gradients, state, params)
    expect([state, params]).toEqual(before)
  })

  test('refuses step sizes outside (0, 1] and periods that are none', () => {
    const inner = sgd({ learningRate: 1 })
    for (const slowStepSize of [0, 1.1, Number.NaN])
      expect(() => lookahead({ inner, syncPeriod: 1, slowStepSize })).toThrow(/slowStepSize: must be/)
    expect(() => lookahead({ inner, syncPeriod: 0 })).toThrow(
      /syncPeriod: must be an integer of at least 1, got 0/,
    )
  })
})
