import { checkPermutations, type Params, rank, weightVectorsSize } from '@laperm/core'
import { drawInitialParams, permutedRolesOf } from '@laperm/train'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alterParams, type TrainedNetwork } from '../../src/alterations/alter-params.ts'
import { dealtValues, parseAlteration } from '../../src/alterations/alteration.ts'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { networkOf } from '../../src/settings/experiments.ts'

const settings = { ...defaultSettings, model: 'mlp' as const, seed: 3 }
const network = networkOf(settings)
const roles = permutedRolesOf(network.experiment)
const drawn = (seed: number): Params => drawInitialParams(networkOf({ ...settings, seed }))
const initial = drawInitialParams(network)
/** Stands for a trained network: theta_0 in an order that another seed gives. */
const shuffled = alterParams(
  { settings, roles, initial, laperm: initial, adam: drawn(8) },
  { kind: 'adamOrder' },
)
const trained: TrainedNetwork = { settings, roles, initial, laperm: shuffled, adam: drawn(9) }

const kernelsOf = (params: Params) => params.filter(({ role }) => role === 'kernel')
const vectorsOf = ({ values, shape }: Params[number]) => ({ values, ...weightVectorsSize(shape) })
/** Whether every weight vector of one holds the weights of the other's. */
const isPermuted = (before: Params, after: Params): boolean => {
  const { weightVectors, permutedVectors } = checkPermutations(before, after, roles)
  return weightVectors > 0 && weightVectors === permutedVectors
}
const valuesOf = (params: Params) => params.map(({ values }) => values)

/** Of every seventh neuron: its weights, put in the order of another network's, ascend. Equal weights have no order. */
const expectRankedAs = (params: Params, order: Params): void =>
  kernelsOf(params).forEach(({ values, shape }, i) => {
    const ranking = rank(vectorsOf(kernelsOf(order)[i]))
    if (ranking._tag === 'Left') throw new Error('NaN')
    const { length, count } = weightVectorsSize(shape)
    for (let neuron = 0; neuron < count; neuron += 7) {
      const byRank = new Float32Array(length)
      for (let k = 0; k < length; k++)
        byRank[ranking.right.ranks[k * count + neuron]] = values[k * count + neuron]
      expect([...byRank]).toEqual([...byRank].sort((a, b) => a - b))
    }
  })

describe('shuffling a share', () => {
  test('keeps every weight of every neuron, and moves at most that share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
        const share = percent / 100
        const altered = alterParams(trained, { kind: 'shuffle', share })
        expect(isPermuted(shuffled, altered)).toBe(true)
        kernelsOf(altered).forEach(({ values, shape }, i) => {
          const before = kernelsOf(shuffled)[i].values
          const { length, count } = weightVectorsSize(shape)
          const moved = values.filter((value, at) => value !== before[at]).length
          expect(moved).toBeLessThanOrEqual(Math.round(share * length) * count)
          if (share >= 0.5) expect(moved).toBeGreaterThan(0.3 * values.length)
        })
      }),
      { numRuns: 15, seed: 1 },
    )
  })

  test('of nothing changes nothing, and what was handed in stays as it was', () => {
    const before = valuesOf(shuffled).map((values) => values.slice())
    expect(valuesOf(alterParams(trained, { kind: 'shuffle', share: 0 }))).toEqual(before)
    alterParams(trained, { kind: 'shuffle', share: 1 })
    expect(valuesOf(shuffled)).toEqual(before)
  })
})

describe('other values in the learned order', () => {
  test.each(dealtValues)('%s: the smallest stands where the smallest stood, and so on', (values) => {
    const altered = alterParams(trained, { kind: 'deal', values })
    expectRankedAs(altered, shuffled)
    const different = new Set(kernelsOf(altered)[0].values).size
    expect(different).toBe(
      { twoValues: 2, threeValues: 3 }[values as string] ?? new Set(kernelsOf(altered)[0].values).size,
    )
  })

  test('its own are the network itself, and those of another seed are that seed\u2019s', () => {
    expect(valuesOf(alterParams(trained, { kind: 'deal', values: 'theta0' }))).toEqual(valuesOf(shuffled))
    const altered = alterParams(trained, { kind: 'deal', values: 'otherSeed' })
    expect(isPermuted(drawn(settings.seed + 1), altered)).toBe(true)
  })
})

test('a drawn distribution is dealt out by the learned ranks, and has the shape that was drawn', () => {
  // Two peaks: a quarter of the values in the lowest bar, the others in the highest.
  const shares = [0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.75]
  const altered = alterParams(trained, { kind: 'drawn', shares })
  expectRankedAs(altered, shuffled)
  const [{ values }] = kernelsOf(altered)
  expect(values.filter((value) => value < 0).length / values.length).toBeCloseTo(0.25, 2)
  // As large as He's: a mean square of 2 / 784.
  const meanSquare = values.reduce((sum, value) => sum + value * value, 0) / values.length
  expect(meanSquare * 784).toBeCloseTo(2, 3)
})

test("Adam's order of theta_0 holds theta_0's values, ranked as Adam's weights are", () => {
  const altered = alterParams(trained, { kind: 'adamOrder' })
  expect(isPermuted(initial, altered)).toBe(true)
  expectRankedAs(altered, trained.adam)
})

test.each([
  [{ kind: 'shuffle', share: 1.5 }, /from 0 to 1/],
  [{ kind: 'shuffle', share: Number.NaN }, /from 0 to 1/],
  [{ kind: 'deal', values: 'constructor' }, /one of theta0, otherSeed/],
  [{ kind: 'drawn', shares: [1, 2] }, /must have 11 shares/],
  [{ kind: 'drawn', shares: Array(11).fill(0) }, /not all of them 0/],
  [{ kind: 'melt' }, /no alteration called melt/],
])('%j is refused', (value, reason) => {
  const parsed = parseAlteration(value)
  expect(parsed._tag === 'Left' && parsed.left).toMatch(reason)
})
