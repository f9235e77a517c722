import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { renderError } from '../src/errors/errors.ts'
import {
  adamSpec,
  checkInnerOptimizer,
  type InnerOptimizerSpec,
  makeInnerOptimizer,
  momentumSpec,
  sgdSpec,
} from '../src/index.ts'
import { adam } from '../src/optimizers/adam.ts'
import type { InnerOptimizerState } from '../src/optimizers/inner-optimizer-state.ts'
import { momentum } from '../src/optimizers/momentum.ts'
import type { Optimizer } from '../src/optimizers/optimizer.ts'
import { sgd } from '../src/optimizers/sgd.ts'
import type { Parameter, Params } from '../src/parameter.ts'
import { makeRandom } from '../src/random/random.ts'

const kernel = (...values: number[]): Parameter => ({
  name: 'kernel',
  shape: [values.length, 1],
  role: 'kernel',
  values: Float32Array.from(values),
})

/** Parameters after each of the gradients, one array of values a step. */
const run = (
  optimizer: Optimizer<InnerOptimizerState>,
  start: Params,
  gradients: readonly (readonly number[])[],
): Float32Array[] => {
  let params = start
  let state = optimizer.init(params)
  return gradients.map((gradient) => {
    ;[params, state] = optimizer.step([Float32Array.from(gradient)], state, params)
    return params[0].values
  })
}

describe('by hand', () => {
  test('sgd: theta - lr g', () => {
    const steps = run(
      sgd({ learningRate: 0.5 }),
      [kernel(1, -2)],
      [
        [2, 0],
        [-1, 4],
      ],
    )
    expect(steps.map((values) => [...values])).toEqual([
      [0, -2],
      [0.5, -4],
    ])
  })

  test('momentum: v = 0.5 v - lr g, theta + v', () => {
    // v: -1, then -0.5 - 1 = -1.5, then -0.75; theta: 3, 1.5, 0.75.
    const steps = run(momentum({ learningRate: 0.5, momentum: 0.5 }), [kernel(4)], [[2], [2], [0]])
    expect(steps.map(([theta]) => theta)).toEqual([3, 1.5, 0.75])
  })

  test('Nesterov: theta + 0.5 v - lr g', () => {
    // v: -1, -1.5, -0.75; theta: 4 - 0.5 - 1 = 2.5; 2.5 - 0.75 - 1 = 0.75; 0.75 - 0.375 = 0.375.
    const options = { learningRate: 0.5, momentum: 0.5, nesterov: true }
    const steps = run(momentum(options), [kernel(4)], [[2], [2], [0]])
    expect(steps.map(([theta]) => theta)).toEqual([2.5, 0.75, 0.375])
  })

  test('the learning rate is inside the velocity: a rate of 0 lets it coast', () => {
    const learningRate = (step: number): number => (step === 1 ? 1 : 0)
    expect(run(momentum({ learningRate, momentum: 0.5 }), [kernel(0)], [[2], [100]]).map(([t]) => t)).toEqual(
      [-2, -3],
    )
  })

  test("Adam's first step is lr * sign(g), whatever the gradient", () => {
    const [values] = run(adam({ learningRate: 0.125, epsilon: 1e-30 }), [kernel(1, 1, 1)], [[1e-3, -40, 0]])
    expect([...values]).toEqual([0.875, 1.125, 1])
  })
})

/** Adam in plain float64, straight from the two formulas of the papers' code, sharing nothing with the source. */
const adamInFloat64 = (
  theta: number,
  gradients: readonly number[],
  placement: 'keras' | 'tfjs',
  epsilon: number,
): number[] => {
  let m = 0
  let v = 0
  let x = theta
  return gradients.map((g, i) => {
    const t = i + 1
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    if (placement === 'keras') {
      const rate = (0.01 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
      x -= (rate * m) / (Math.sqrt(v) + epsilon)
    } else {
      const mHat = m / (1 - 0.9 ** t)
      const vHat = v / (1 - 0.999 ** t)
      x -= (0.01 * mHat) / (Math.sqrt(vHat) + epsilon)
    }
    return x
  })
}

describe('Adam against float64', () => {
  const random = makeRandom(1, 'test/adam')
  const gradients = Array.from({ length: 300 }, () => Math.fround(random.nextNormal() * 0.1))

  test.each(['keras', 'tfjs'] as const)('%s: 300 steps agree to float32 rounding', (epsilonPlacement) => {
    // Rounding theta and both moments to float32 each step: at most 300 * 2^-24 relative to |theta| <= 2, mostly far less.
    const expected = adamInFloat64(0.5, gradients, epsilonPlacement, 1e-7)
    const actual = run(
      adam({ learningRate: 0.01, epsilonPlacement }),
      [kernel(0.5)],
      gradients.map((g) => [g]),
    )
    for (let t = 0; t < 300; t++) expect(Math.abs(actual[t][0] - expected[t])).toBeLessThan(2e-6)
  })

  test('the two placements of epsilon differ where gradients are tiny, and each is its own formula', () => {
    // g = 1e-6, first step, in units of the learning rate:
    // keras: sqrt(0.001) * 1e-6 / (sqrt(0.001) * 1e-6 + 1e-7) = 0.2403; tfjs: 1e-6 / (1e-6 + 1e-7) = 0.9091.
    const step = (epsilonPlacement: 'keras' | 'tfjs'): number =>
      -run(adam({ learningRate: 1, epsilonPlacement }), [kernel(0)], [[1e-6]])[0][0]
    expect(step('keras')).toBeCloseTo(0.2403, 4)
    expect(step('tfjs')).toBeCloseTo(0.9091, 4)
    const tiny = gradients.map((g) => g * 1e-5)
    for (const placement of ['keras', 'tfjs'] as const) {
      const expected = adamInFloat64(0, tiny, placement, 1e-7)
      const actual = run(
        adam({ learningRate: 0.01, epsilonPlacement: placement }),
        [kernel(0)],
        tiny.map((g) => [g]),
      )
      for (let t = 0; t < 300; t++) expect(Math.abs(actual[t][0] - expected[t])).toBeLessThan(2e-6)
    }
  })
})

const specs: readonly InnerOptimizerSpec[] = [
  sgdSpec,
  momentumSpec,
  { ...momentumSpec, nesterov: true },
  adamSpec,
  { ...adamSpec, epsilonPlacement: 'tfjs' },
]

describe.each(specs)('every inner optimizer: %j', (spec) => {
  const optimizer = makeInnerOptimizer(spec, 0.1)
  const params: Params = [
    kernel(1, 2),
    { name: 'mean', shape: [2], role: 'movingMean', values: Float32Array.of(5, 6) },
    { name: 'bias', shape: [1], role: 'bias', values: Float32Array.of(0) },
  ]
  const gradients = [Float32Array.of(1, -1), new Float32Array(0), Float32Array.of(3)]

  test('trains what is trainable and hands on the rest, whose gradient may be empty', () => {
    const [next, state] = optimizer.step(gradients, optimizer.init(params), params)
    expect(next[0].values[0]).toBeLessThan(1)
    expect(next[0].values[1]).toBeGreaterThan(2)
    expect(next[1]).toBe(params[1])
    expect(next[2].values[0]).toBeLessThan(0)
    expect(state.step).toBe(1)
    for (const slot of Object.values(state.slots)) expect(slot.map(({ length }) => length)).toEqual([2, 1])
  })

  test('writes neither gradients, nor state, nor parameters', () => {
    const state = optimizer.init(params)
    const before = structuredClone([gradients, state, params])
    const first = optimizer.step(gradients, state, params)
    expect([gradients, state, params]).toEqual(before)
    expect(optimizer.step(gradients, state, params)).toEqual(first)
  })

  test('goes on from a copy of its state as if nothing had happened', () => {
    const [once, state] = optimizer.step(gradients, optimizer.init(params), params)
    expect(optimizer.step(gradients, structuredClone(state), once)).toEqual(
      optimizer.step(gradients, state, once),
    )
  })

  test('asks its schedule for steps from 1', () => {
    const asked: number[] = []
    const scheduled = makeInnerOptimizer(spec, (step) => {
      asked.push(step)
      return 0.1
    })
    const [once, state] = scheduled.step(gradients, scheduled.init(params), params)
    scheduled.step(gradients, state, once)
    expect(asked).toEqual([1, 2])
  })

  test('refuses gradients, states and learning rates that do not fit', () => {
    const state = optimizer.init(params)
    expect(() => optimizer.step(gradients.slice(1), state, params)).toThrow(/one entry for each of the 3/)
    expect(() => optimizer.step([new Float32Array(3), ...gradients.slice(1)], state, params)).toThrow(
      'gradients: kernel has 2 weights, but its gradient has 3',
    )
    if (Object.keys(state.slots).length > 0)
      expect(() => optimizer.step(gradients.slice(0, 1), state, params.slice(0, 1))).toThrow(/state: slot/)
    for (const rate of [Number.NaN, -1, Number.POSITIVE_INFINITY])
      expect(() => makeInnerOptimizer(spec, rate).step(gradients, state, params)).toThrow(
        /learningRate: must/,
      )
  })
})

describe('settings against the rules', () => {
  test.each<[InnerOptimizerSpec, RegExp]>([
    [{ ...momentumSpec, momentum: 1 }, /momentum/],
    [{ ...adamSpec, beta1: -0.1 }, /beta1/],
    [{ ...adamSpec, beta2: 1 }, /beta2/],
    [{ ...adamSpec, epsilon: 0 }, /epsilon/],
  ])('%j is refused, as data and as a program', (spec, message) => {
    const validated = checkInnerOptimizer(spec)
    expect(E.isLeft(validated) && renderError(validated.left)).toMatch(message)
    expect(() => makeInnerOptimizer(spec, 0.1)).toThrow(message)
  })

  test.each(specs)('%j is accepted', (spec) => {
    expect(checkInnerOptimizer(spec)).toEqual(E.right(spec))
  })
})
