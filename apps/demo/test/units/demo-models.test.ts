import { checkPermutations, type Params } from '@laperm/core'
import { drawInitialParams } from '@laperm/train'
import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { modelNames } from '../../src/settings/demo-models.ts'
import { networkOf } from '../../src/settings/experiments.ts'
import type { RunSettings } from '../../src/settings/run-settings.ts'
import { layerViews } from '../../src/worker/snapshot.ts'

const initialOf = (changes: Partial<RunSettings> = {}): Params =>
  drawInitialParams(networkOf({ ...defaultSettings, ...changes }))

const parametersOf = (model: (typeof modelNames)[number]): number =>
  initialOf({ model }).reduce((sum, { values }) => sum + values.length, 0)

describe("the demo's networks", () => {
  test('have the parameters that they are said to have', () => {
    // conv7-small, kernels and biases: 9*16+16, then 144*16+16 three times, 400*16+16 twice, 256*32+32, 32*10+10.
    expect(modelNames.map(parametersOf)).toEqual([
      7840,
      109_184,
      89_400 + 210,
      160 + 3 * 2320 + 2 * 6416 + 8224 + 330,
    ])
  })

  test('of the small Conv7 every neuron but the last ten has a square of incoming weights', () => {
    expect(layerViews(initialOf({ model: 'conv7-small' })).map(({ side }) => side)).toEqual([
      3,
      12,
      20,
      12,
      12,
      20,
      16,
      null,
    ])
  })

  test('begin with the same weights whoever trains them, and with others from another seed', () => {
    const first = initialOf()
    expect(drawInitialParams(networkOf(defaultSettings, 'lookahead'))).toEqual(first)
    expect(checkPermutations(first, initialOf({ seed: 2 }), ['kernel']).isPermutation).toBe(false)
  })

  test('with one shared value hold that and zeros only, the same fraction in every kernel', () => {
    const params = initialOf({ distribution: 'sharedValue', sharedValue: 0.5, sparsity: 0.75 })
    for (const { values } of params) {
      expect([...new Set(values)].sort()).toEqual([0, 0.5])
      expect(values.filter((value) => value === 0).length).toBe(Math.round(0.75 * values.length))
    }
  })

  test('with drawn values are pruned by a fifth at most in the first kernel', () => {
    const params = initialOf({ sparsity: 0.5 })
    const zeros = params.map(({ values }) => values.filter((value) => value === 0).length / values.length)
    expect(zeros.map((share) => Math.round(share * 100))).toEqual([20, 50, 50])
  })
})
