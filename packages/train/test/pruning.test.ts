import { initializeParams, type Params } from '@laperm/core'
import {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  flatten,
  inferShapes,
  type Model,
  maxPool2d,
  relu,
  residual,
} from '@laperm/models'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  type ExperimentSettings,
  makeInitialParams,
  planRun,
  renderTrainError,
  resolveExperiment,
  startsFrom,
} from '../src/index.ts'
import { pruneByScore } from '../src/pruning/prune-by-score.ts'
import { positiveFlow } from '../src/pruning/synaptic-flow.ts'
import { experimentOf, smallDigits } from './fixture-runs.ts'

const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}
const refused = (settings: Partial<ExperimentSettings>): string => {
  const resolved = resolveExperiment({ model: 'f2', ...settings })
  return E.isLeft(resolved) ? renderTrainError(resolved.left) : 'taken'
}
const modelOf = (inputShape: readonly number[], layers: Model['layers']): Model => ({
  name: 'small',
  inputShape,
  layers,
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel'],
})
const kernelsOf = (params: Params) => params.filter(({ role }) => role === 'kernel')
const zerosOf = ({ values }: Params[number]) => values.filter((value) => value === 0).length

/** What flows through the network of these absolute weights, and each weight's derivative of it. */
const flowOf = (model: Model, weights: ReadonlyMap<string, Float64Array>) =>
  positiveFlow(must(inferShapes(model)), weights)
const absolute = (model: Model) =>
  new Map(
    kernelsOf(initializeParams(must(inferShapes(model)).parameters, 1)).map(({ name, values }) => [
      name,
      Float64Array.from(values, Math.abs),
    ]),
  )

describe('what flows through a network', () => {
  test('is, of two dense layers, the sum over all paths', () => {
    const model = modelOf([2, 1, 1], [flatten, dense(2), relu, dense(1)])
    const weights = new Map([
      // Rows are inputs: the first hidden unit has 1 and 3, the second 2 and 4.
      ['dense1/kernel', Float64Array.of(1, 2, 3, 4)],
      ['dense2/kernel', Float64Array.of(5, 6)],
    ])
    const { sum, gradients } = flowOf(model, weights)
    // (1 + 3) * 5 + (2 + 4) * 6
    expect(sum).toBe(56)
    expect(gradients.get('dense1/kernel')).toEqual(Float64Array.of(5, 6, 5, 6))
    expect(gradients.get('dense2/kernel')).toEqual(Float64Array.of(4, 6))
  })

  test('changes with each weight of convolutions, pools and branches as the derivative says', () => {
    const strided = modelOf(
      [7, 6, 2],
      [conv2d(3, 3, { strides: 2, padding: 'same' }), relu, conv2d(2, 2), relu, flatten, dense(3)],
    )
    const branched = modelOf(
      [6, 6, 1],
      [
        conv2d(4, 3, { padding: 'same' }),
        batchNorm(),
        maxPool2d(2),
        residual([conv2d(5, 3, { strides: 2, padding: 'same' })], [conv2d(5, 1, { strides: 2 })]),
        avgPool2d(2, { padding: 'same' }),
        flatten,
        dense(3),
      ],
    )
    for (const model of [strided, branched]) {
      const weights = absolute(model)
      const { sum, gradients } = flowOf(model, weights)
      for (const name of weights.keys()) {
        const values = weights.get(name) ?? new Float64Array(0)
        const i = Math.floor(values.length / 2)
        // The flow is linear in each weight, but for which entry a pool takes: so the step is small.
        const step = values[i] * 1e-6
        const moved = new Map(weights).set(
          name,
          values.map((value, at) => (at === i ? value + step : value)),
        )
        expect((flowOf(model, moved).sum - sum) / step / (gradients.get(name)?.[i] ?? 0)).toBeCloseTo(1, 3)
      }
    }
  })
})

describe('pruning by scores', () => {
  test('takes the least of all kernels together, of equal ones the first', () => {
    const kernel = (name: string, values: readonly number[]) => ({
      name,
      shape: [values.length, 1],
      role: 'kernel' as const,
      values: Float32Array.from(values),
    })
    const params = [kernel('a', [9, 8, 7, 6]), kernel('b', [5, 4])]
    const pruned = pruneByScore(params, [Float64Array.of(3, 1, 2, 1), Float64Array.of(1, 0)], 0.5)
    expect(pruned.map(({ values }) => [...values])).toEqual([
      [9, 0, 7, 0],
      [5, 0],
    ])
    expect([...params[0].values]).toEqual([9, 8, 7, 6])
    const zerosLast = [kernel('a', [9, 8]), kernel('b', [0, 0])]
    const cutOff = pruneByScore(zerosLast, [Float64Array.of(0, 0), Float64Array.of(0, 0)], 0.5)
    expect(cutOff.map(({ values }) => [...values])).toEqual([
      [9, 8],
      [0, 0],
    ])
  })

  test('by synaptic flow leaves no layer empty, and prunes the largest more than the smallest', () => {
    const settings = { model: 'conv7', sparsity: { kind: 'synflow', fraction: 0.99, rounds: 4 } } as const
    const kernels = kernelsOf(must(makeInitialParams(experimentOf(settings))))
    const total = kernels.reduce((sum, { values }) => sum + values.length, 0)
    expect(kernels.reduce((sum, kernel) => sum + zerosOf(kernel), 0)).toBe(Math.round(0.99 * total))
    const shares = kernels.map((kernel) => zerosOf(kernel) / kernel.values.length)
    for (const share of shares) expect(share).toBeLessThan(1)
    // Of 131,072 weights of the seventh kernel, and 288 of the first.
    expect(shares[6]).toBeGreaterThan(0.99)
    expect(shares[0]).toBeLessThan(0.9)
  })

  test('by the size of trained weights keeps the largest places and the drawn values', () => {
    const of = 'a'.repeat(64)
    const experiment = experimentOf({ sparsity: { kind: 'magnitude', fraction: 0.75, of } })
    const plain = must(makeInitialParams(experimentOf({})))
    const trained = must(makeInitialParams(experimentOf({ seed: 5 })))
    const pruned = must(makeInitialParams(experiment, trained))
    const sizes = [...trained[0].values].map(Math.abs).sort((a, b) => b - a)
    const least = sizes[sizes.length / 4 - 1]
    pruned[0].values.forEach((value, i) => {
      expect(value).toBe(Math.abs(trained[0].values[i]) >= least ? plain[0].values[i] : 0)
    })
    expect(startsFrom(experiment)).toBe(of)
    // Without those weights it can be planned, and not begun.
    expect(must(planRun(experiment, smallDigits)).trained).toBeNull()
    expect(makeInitialParams(experiment)).toMatchObject({ _tag: 'Left' })
    const other = must(makeInitialParams(experimentOf({ model: 'f2', sparsity: 0 })))
    const misfit = makeInitialParams(experiment, other)
    expect(E.isLeft(misfit) ? renderTrainError(misfit.left) : '').toContain('has other parameters')
  })

  test('is refused by the part that breaks its rule', () => {
    expect(refused({ sparsity: { kind: 'synflow', fraction: 1, rounds: 5 } })).toMatch(
      /sparsity\.fraction is 1/,
    )
    expect(refused({ sparsity: { kind: 'synflow', fraction: 0.5, rounds: 0 } })).toMatch(/sparsity\.rounds/)
    expect(refused({ sparsity: { kind: 'magnitude', fraction: 0.5, of: 'f2' } })).toMatch(/64 hexadecimal/)
    const [one, two] = ['1', '2'].map((digit) => digit.repeat(64))
    expect(refused({ sparsity: { kind: 'magnitude', fraction: 0.5, of: one }, shuffledFrom: two })).toMatch(
      /shuffledFrom.*it must be the run by whose weights is pruned/,
    )
  })
})
