/** What a run of the page trains, as train's own experiments. */
import { type Dataset, makeDigits } from '@laperm/data'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import type { RunSettings } from '../../src/settings/run-settings.ts'
import { type Plans, planContenders } from '../../src/worker/contenders.ts'

const digits = makeDigits(1, { train: 40, test: 10 })

const planned = (changes: Partial<RunSettings>, dataset: Dataset = digits): Plans => {
  const plans = planContenders({ ...defaultSettings, ...changes }, dataset)
  if (E.isLeft(plans)) throw new Error(JSON.stringify(plans.left))
  return plans.right
}

describe("the page's experiments", () => {
  test('are the same but for what happens at a synchronization', () => {
    const { laperm, adam, lookahead } = planned({
      syncPeriod: 7,
      lookahead: true,
      lookaheadPeriod: 9,
      batchSize: 16,
    })
    const { outer, ...rest } = laperm.experiment
    const constant = (period: number) => ({ kind: 'constant', period })
    expect(outer).toEqual({ kind: 'permute', syncPeriod: constant(7), roles: ['kernel'] })
    expect(adam.experiment).toEqual({ ...rest, outer: { kind: 'none' } })
    expect(lookahead?.experiment).toEqual({
      ...rest,
      outer: { kind: 'lookahead', syncPeriod: constant(9), slowStepSize: 0.5 },
    })
    expect(rest).toMatchObject({ model: 'f2', dataset: 'digits', engine: 'wasm', seed: 1 })
    expect(rest.learningRate).toEqual({ kind: 'constant', value: 1e-3 })
  })

  test('leave Lookahead out until it is asked for', () => {
    expect(planned({}).lookahead).toBeUndefined()
  })

  test('take no larger batch than there are training images', () => {
    expect(planned({ batchSize: 64 }).adam.experiment.batchSize).toBe(40)
  })

  test('are refused where nothing can be reconnected, as one shared value without zeros', () => {
    const plans = planContenders({ ...defaultSettings, distribution: 'sharedValue' }, digits)
    expect(E.isLeft(plans) && plans.left._tag).toBe('DoesNotFit')
    expect(planned({ distribution: 'sharedValue', sparsity: 0.5 }).laperm.movable).toEqual({
      vectors: 202,
      movable: 202,
    })
  })
})
