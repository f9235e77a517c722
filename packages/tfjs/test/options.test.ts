/** Options: each against its rule, the schedule of the learning rate, the choice by layer, the inner state, and what is warned of. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeEach, describe, expect, test } from 'vitest'
import { type LaPermOptions, type LookaheadOptions, laperm, lookahead } from '../src/index.ts'
import { bits, denseModel, quarters, useBackend } from './tiny-models.ts'

beforeEach(() => useBackend('cpu'))

const none = () => undefined

test.each<[unknown, string]>([
  [
    undefined,
    'laperm: needs its options as second argument, for example laperm(tf.train.adam(1e-3), { syncPeriod: 20 }), got undefined',
  ],
  [20, 'laperm: needs its options as second argument'],
  [
    {},
    'laperm: syncPeriod must be a number of steps, a SyncPeriodSpec or a function of the step, got undefined',
  ],
  [{ syncPeriod: '5' }, "got '5' (a string)"],
  [
    { syncPeriod: 5, sincPeriod: 5 },
    'laperm: there is no option sincPeriod. Known: syncPeriod, permute, layers',
  ],
  [
    { syncPeriod: 5, permute: 'kernel' },
    'permute: must be a list of roles (kernel, bias, gamma, beta), got kernel',
  ],
  [{ syncPeriod: 5, layers: { out: ['weight'] } }, 'layers.out: weight is no role that can be permuted'],
  [{ syncPeriod: 5, innerState: 'pullBack' }, "laperm: innerState must be 'keep' or 'reset', got 'pullBack'"],
  [
    { syncPeriod: 5, learningRate: 0.1 },
    'learningRate: must be a function of the step, or { spec, stepsPerEpoch }, got 0.1',
  ],
])('laperm refuses %j', (options, message) => {
  expect(() => laperm(tf.train.sgd(1), options as LaPermOptions)).toThrow(message)
})

test.each<[unknown, string]>([
  [{ syncPeriod: '5' }, 'lookahead: syncPeriod must be a number of steps'],
  [{ alpha: 0.5 }, 'lookahead: there is no option alpha. Known: syncPeriod, slowStepSize'],
  [{ innerState: 'none' }, "lookahead: innerState must be 'keep', 'reset' or 'pullBack', got 'none'"],
])('lookahead refuses %j', (options, message) => {
  expect(() => lookahead(tf.train.sgd(1), options as LookaheadOptions)).toThrow(message)
})

describe('learningRate', () => {
  const run = (learningRate: LaPermOptions['learningRate']) => {
    const w = tf.variable(tf.tensor1d([0]))
    const optimizer = laperm(tf.train.sgd(9), { syncPeriod: 100, ...(learningRate && { learningRate }) })
    const seen: number[] = []
    for (let step = 0; step < 4; step++) {
      const before = w.dataSync()[0]
      optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d([1]) }])
      seen.push(before - w.dataSync()[0])
    }
    return { seen, optimizer }
  }

  test('is set before each step, by a function of the step from 1 on', () => {
    expect(run((step) => 2 ** step).seen).toEqual([2, 4, 8, 16])
  })

  test('is a spec over epochs, which is saved with the model', () => {
    const learningRate = { spec: { kind: 'exponential', initial: 4, decay: 0.5 }, stepsPerEpoch: 2 } as const
    const { seen, optimizer } = run(learningRate)
    expect(seen).toEqual([4, 4, 2, 2])
    expect(optimizer.getConfig()).toMatchObject({ learningRate })
    expect(() => {
      optimizer.learningRate = 1
    }).toThrow('laperm: the option learningRate sets the learning rate before each step')
  })
})

describe('layers', () => {
  const network = () =>
    tfl.sequential({
      layers: [
        tfl.layers.dense({ units: 6, inputShape: [12], name: 'hidden_one' }),
        tfl.sequential({
          name: 'nested_part',
          layers: [tfl.layers.dense({ units: 11, inputShape: [6], name: 'inside_it' })],
        }),
        tfl.layers.dense({ units: 4, name: 'output_last' }),
      ],
    })

  test('choose by name what is permuted: outermost and innermost, before permute', async () => {
    const model = network()
    const optimizer = laperm(tf.train.sgd(0.1), {
      syncPeriod: 1,
      model,
      layers: { nested_part: [], output_last: ['kernel', 'bias'] },
      onWarning: none,
    }).attach(model)
    // 6 neurons of the first layer, 4 of the last one and its bias.
    expect(await optimizer.checkPermutations()).toMatchObject({ weightVectors: 6 + 4 + 1 })
  })

  test('that the model has not are refused, and so are any without a model', () => {
    const layers = { hidden: [] }
    expect(() => laperm(tf.train.sgd(1), { syncPeriod: 1, model: network(), layers })).toThrow(
      'layers: the model has no layer hidden. It has hidden_one, nested_part, inside_it, output_last.',
    )
    const w = tf.variable(tf.zeros([3, 2]))
    expect(() =>
      laperm(tf.train.sgd(1), { syncPeriod: 1, layers }).applyGradients({ [w.name]: tf.zeros([3, 2]) }),
    ).toThrow('layers: what belongs to a layer only a model can tell')
  })
})

describe('innerState', () => {
  /** One weight with a gradient of 1 at every step; momentum 0.5 and a rate of 1 leave the accumulation visible in each step's size. */
  const stepSizes = (make: (inner: tf.Optimizer) => tf.Optimizer, steps: number): readonly number[] => {
    const w = tf.variable(tf.tensor1d([0]))
    const optimizer = make(tf.train.momentum(1, 0.5))
    return Array.from({ length: steps }, () => {
      const before = w.dataSync()[0]
      optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d([1]) }])
      return before - w.dataSync()[0]
    })
  }

  test('is kept, starts anew, or is pulled back at a synchronization', () => {
    // Nothing is permuted here, so that only the inner optimizer moves the weight: m = 0.5 m + 1 gives 1, 1.5, 1.75, 1.875.
    expect(stepSizes((inner) => laperm(inner, { syncPeriod: 2 }), 4)).toEqual([1, 1.5, 1.75, 1.875])
    expect(stepSizes((inner) => laperm(inner, { syncPeriod: 2, innerState: 'reset' }), 4)).toEqual([
      1, 1.5, 1, 1.5,
    ])
    // alpha = 1 writes the fast weights; alpha 0.5 pulls m = 1.5 back to 0.75, so that the third step is 1.375.
    const pulled = stepSizes(
      (inner) => lookahead(inner, { syncPeriod: 2, slowStepSize: 0.5, innerState: 'pullBack' }),
      3,
    )
    expect([pulled[0], pulled[2]]).toEqual([1, 1.375])
    const kept = stepSizes((inner) => lookahead(inner, { syncPeriod: 2, slowStepSize: 0.5 }), 3)
    expect(kept[2]).toBe(1.75)
  })

  test('of Adam starts anew with its powers of beta', () => {
    const run = (optimizer: tf.Optimizer, gradients: readonly number[]) => {
      const w = tf.variable(tf.tensor1d([0]))
      return gradients.map((gradient) => {
        const before = w.dataSync()[0]
        optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d([gradient]) }])
        return w.dataSync()[0] - before
      })
    }
    const reset = run(laperm(tf.train.adam(0.125), { syncPeriod: 2, innerState: 'reset' }), [1, -2, 3, 1])
    const afresh = run(tf.train.adam(0.125), [3, 1])
    reset.slice(2).forEach((step, i) => {
      expect(step).toBeCloseTo(afresh[i], 5)
    })
    expect(run(laperm(tf.train.adam(0.125), { syncPeriod: 2 }), [1, -2, 3, 1])[2]).not.toBeCloseTo(
      afresh[0],
      2,
    )
  })
})

describe('short weight vectors', () => {
  test('are warned of at attach, by name and length; the others are not', () => {
    const warnings: string[] = []
    const onWarning = (message: string) => warnings.push(message)
    const model = denseModel(3)
    laperm(tf.train.sgd(1), { syncPeriod: 1, onWarning }).attach(model)
    expect(warnings).toEqual([])
    const narrow = tfl.sequential({
      layers: [
        tfl.layers.dense({ units: 20, inputShape: [4], name: 'narrow' }),
        tfl.layers.dense({ units: 3 }),
      ],
    })
    laperm(tf.train.sgd(1), { syncPeriod: 1, onWarning }).attach(narrow)
    expect(warnings).toEqual([
      expect.stringMatching(/^laperm: narrow\/kernel \(4 weights a neuron\): with so few weights/),
    ])
    laperm(tf.train.sgd(1), { syncPeriod: 1, onWarning, model: narrow, layers: { narrow: [] } }).attach(
      narrow,
    )
    expect(warnings.length).toBe(1)
  })

  test('are trained all the same', async () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.dense({
          units: 4,
          inputShape: [12],
          kernelInitializer: tfl.initializers.heUniform({ seed: 1 }),
        }),
      ],
    })
    const before = bits(model.getWeights()[0].dataSync())
    model.compile({ optimizer: laperm(tf.train.sgd(1), { syncPeriod: 1, model }), loss: 'meanSquaredError' })
    const { x, y } = quarters(16, [12])
    await model.trainOnBatch(x, y)
    expect(bits(model.getWeights()[0].dataSync())).not.toEqual(before)
  })
})
