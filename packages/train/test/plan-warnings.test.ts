/** What a plan warns of: nothing where all is as it seems, one line for each thing that is not. */
import { type Dataset, makeDataset } from '@laperm/data'
import { dense, type Model, softmax } from '@laperm/models'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { type PlanWarning, planRun, renderPlanWarning, resolveExperiment } from '../src/index.ts'

const dataOf = (classes: number, train: readonly number[], testLabels: readonly number[]): Dataset => {
  const inputsOf = (count: number) => Float32Array.from({ length: 2 * count }, (_, i) => i)
  const made = makeDataset({
    name: 'few',
    inputShape: [2],
    classes,
    train: { inputs: inputsOf(train.length), labels: train },
    test: { inputs: inputsOf(testLabels.length), labels: testLabels },
  })
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  return made.right
}
const network = (outputs: number): Model => ({
  name: 'small',
  inputShape: [2],
  layers: [dense(outputs), softmax],
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel'],
})
const planned = (
  dataset: Dataset,
  outputs: number,
  limit: number | null = null,
  testLimit: number | null = null,
) => {
  const experiment = resolveExperiment({ model: network(outputs), dataset, limit, testLimit, batchSize: 1 })
  if (E.isLeft(experiment)) throw new Error(JSON.stringify(experiment.left))
  return planRun(experiment.right, dataset)
}
const warned = (...request: Parameters<typeof planned>): readonly PlanWarning[] => {
  const plan = planned(...request)
  if (E.isLeft(plan)) throw new Error(JSON.stringify(plan.left))
  return plan.right.warnings
}

describe('a plan', () => {
  test('warns of nothing where limit, outputs and classes are those of the data', () => {
    expect(warned(dataOf(3, [0, 1, 2], [2, 0]), 3, 3)).toEqual([])
    // A class that no test example has costs nothing.
    expect(warned(dataOf(3, [0, 1, 2], [0]), 3)).toEqual([])
  })

  test('warns of a limit beyond the data', () => {
    const [warning, ...others] = warned(dataOf(2, [0, 1], [1]), 2, 3)
    expect(others).toEqual([])
    expect(renderPlanWarning(warning)).toBe(
      'the limit is 3, but few has only 2 training examples; all are used',
    )
  })

  test('warns of a test limit beyond the data', () => {
    const [warning, ...others] = warned(dataOf(2, [0, 1], [1]), 2, null, 5)
    expect(others).toEqual([])
    expect(renderPlanWarning(warning)).toBe('the limit is 5, but few has only 1 test example; all are used')
  })

  test('warns of a 10-way network on 4 classes', () => {
    const [warning, ...others] = warned(dataOf(4, [0, 1, 2, 3], [1]), 10)
    expect(others).toEqual([])
    expect(renderPlanWarning(warning)).toBe(
      'the network tells 10 classes apart, but few has only 4; its other outputs learn to stay away',
    )
  })

  test('warns of classes that only test examples have, and names ten at most', () => {
    const [warning, ...others] = warned(dataOf(4, [0, 1], [3, 1, 3, 2]), 4)
    expect(others).toEqual([])
    expect(warning).toEqual({ _tag: 'ClassesOnlyTested', dataset: 'few', classes: [2, 3], count: 3 })
    expect(renderPlanWarning(warning)).toBe(
      'few has classes 2, 3 among its test examples (3 of them) but not among those that are trained on; they cannot be learned',
    )
    const many = Array.from({ length: 12 }, (_, i) => i + 1)
    expect(renderPlanWarning(warned(dataOf(13, [0], many), 13)[0])).toContain(
      'classes 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more',
    )
  })

  test('that has too few outputs names the first label that it lacks', () => {
    for (const [train, testLabels, place] of [
      [[0, 1, 5], [4], 'the label of training example 2 is 5'],
      [[0, 1], [1, 4], 'the label of test example 1 is 4'],
    ] as const)
      expect(planned(dataOf(6, train, testLabels), 2)).toMatchObject({
        left: { _tag: 'DoesNotFit', reason: `Model small tells 2 classes apart, but few has 6 (${place})` },
      })
  })
})
