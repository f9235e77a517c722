import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adamSpec, type InnerOptimizerSpec, makeInnerOptimizer, momentumSpec, sgdSpec } from '../src/index.ts'
import { laPerm } from '../src/optimizers/laperm.ts'
import type { ParameterRole, Params } from '../src/parameter.ts'
import { checkPermutations } from '../src/permutation/permutation-check.ts'
import { makeRandom } from '../src/random/random.ts'
import { weightVectorsSize } from '../src/weight-vectors.ts'
import { columnOf, drawGradients, network } from './networks.ts'

const specs: readonly InnerOptimizerSpec[] = [
  sgdSpec,
  momentumSpec,
  { ...momentumSpec, nesterov: true },
  adamSpec,
  { ...adamSpec, epsilonPlacement: 'tfjs' },
]

const roleSets: readonly (readonly ParameterRole[])[] = [
  ['kernel'],
  ['kernel', 'bias'],
  ['kernel', 'bias', 'gamma', 'beta'],
]

/** The values of every vector, ascending, zeros as +0: checked here without any of core's own sorting. */
const sortedVectors = (params: Params, roles: readonly ParameterRole[]): Float32Array[] =>
  params
    .filter(({ role }) => roles.includes(role))
    .flatMap(({ values, shape }) => {
      const { count } = weightVectorsSize(shape)
      return Array.from({ length: count }, (_, j) =>
        columnOf(values, count, j)
          .map((w) => w + 0)
          .sort(),
      )
    })

// Names the project: arXiv:2003.02570, theta_T = sigma(theta_0).
describe.each(specs)('the law, with %j inside', (spec) => {
  test('after any number of steps ending in a synchronization, theta_T is a permutation of theta_0 per vector', () => {
    fc.assert(
      fc.property(
        network,
        fc.constantFrom(...roleSets),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer(),
        fc.constantFrom(1e-3, 0.1, 10),
        (initial, permutedRoles, syncPeriod, synchronizations, seed, learningRate) => {
          const random = makeRandom(seed, 'test/gradients')
          const optimizer = laPerm({
            inner: makeInnerOptimizer(spec, learningRate),
            syncPeriod,
            permutedRoles,
          })
          let params = initial
          let state = optimizer.init(params)
          for (let step = 1; step <= syncPeriod * synchronizations; step++) {
            ;[params, state] = optimizer.step(drawGradients(params, random.nextUniform), state, params)
          }
          expect(state.stepsSinceSync).toBe(0)
          expect(sortedVectors(params, permutedRoles)).toEqual(sortedVectors(initial, permutedRoles))
          const report = checkPermutations(initial, params, permutedRoles)
          expect(report.isPermutation).toBe(true)
          expect(report.permutedVectors).toBe(report.weightVectors)
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('between synchronizations the weights are the inner optimizer’s, and mostly no permutation', () => {
  const initial: Params = [
    { name: 'kernel', shape: [4, 1], role: 'kernel', values: Float32Array.of(1, 2, 3, 4) },
  ]
  const optimizer = laPerm({
    inner: makeInnerOptimizer(adamSpec, 0.1),
    syncPeriod: 2,
    permutedRoles: ['kernel'],
  })
  const [params] = optimizer.step([Float32Array.of(1, 1, -1, 1)], optimizer.init(initial), initial)
  expect(checkPermutations(initial, params, ['kernel']).isPermutation).toBe(false)
})
