/** A network and a data set of one's own, from the library: what the recipe gives, and what is refused. */
import { makeDataset } from '@laperm/data'
import { dense, type Model, relu, softmax } from '@laperm/models'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  type Experiment,
  type ExperimentSettings,
  makeInitialParams,
  parseExperiment,
  planRun,
  renderTrainError,
  resolveExperiment,
} from '../src/index.ts'
import { makeDenseEngine } from './dense-engine.ts'
import { runOf } from './fixture-runs.ts'

const mine: Model = {
  name: 'mine',
  inputShape: [4],
  layers: [dense(8), relu, dense(2), softmax],
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel'],
}

/** Class 1 where the first value is the larger of the first two. */
const examples = (count: number) => {
  const inputs = Float32Array.from({ length: count * 4 }, (_, i) => Math.sin(i * i + 1) * 100)
  return {
    inputs,
    labels: Array.from({ length: count }, (_, i) => (inputs[4 * i] > inputs[4 * i + 1] ? 1 : 0)),
  }
}
const data = makeDataset({
  name: 'sines',
  inputShape: [4],
  classes: 2,
  train: examples(400),
  test: examples(100),
})
if (E.isLeft(data)) throw new Error('the data set is valid')
const sines = data.right

const must = (made: ReturnType<typeof resolveExperiment>): Experiment => {
  if (E.isLeft(made)) throw new Error(renderTrainError(made.left))
  return made.right
}
const own = (settings: Partial<ExperimentSettings> = {}): ReturnType<typeof resolveExperiment> =>
  resolveExperiment({ model: mine, dataset: sines, ...settings })

describe("a network of one's own", () => {
  test('starts from a recipe that says so, and survives its saving', () => {
    const experiment = must(own())
    expect(experiment).toMatchObject({
      model: mine,
      dataset: 'sines',
      // Vectors can have any range.
      normalization: 'standard',
      batchSize: 50,
      epochs: 15,
      outer: { kind: 'permute', syncPeriod: { kind: 'constant', period: 20 }, roles: ['kernel'] },
    })
    expect(must(parseExperiment(JSON.parse(JSON.stringify(experiment))))).toEqual(experiment)
  })

  test('takes the built-in data of its inputs, and must be told where there are none', () => {
    const images = { ...mine, layers: [{ kind: 'flatten' } as const, ...mine.layers] }
    expect(must(resolveExperiment({ model: { ...images, inputShape: [28, 28, 1] } }))).toMatchObject({
      dataset: 'digits',
      normalization: 'unit',
    })
    expect(must(resolveExperiment({ model: { ...images, inputShape: [32, 32, 3] } })).dataset).toBe('cifar10')
    const unnamed = resolveExperiment({ model: mine })
    expect(E.isLeft(unnamed) && renderTrainError(unnamed.left)).toMatch(
      /dataset is not given, but it must be named: no built-in data set has inputs of \[4\], as mine takes/,
    )
  })

  test('is checked layer by layer, also in a saved experiment', () => {
    const broken = { ...mine, layers: [dense(-3), softmax] }
    const made = own({ model: broken })
    expect(E.isLeft(made) && renderTrainError(made.left)).toMatch(/-3/)
    const saved = parseExperiment({ ...must(own()), model: broken })
    expect(E.isLeft(saved) && renderTrainError(saved.left)).toMatch(/-3/)
  })

  test('trains on data of one’s own by reconnecting alone', async () => {
    const experiment = must(own({ epochs: 3, learningRate: 0.3, outer: { syncPeriod: 4 } }))
    const { outcome } = await runOf(experiment, { dataset: sines }, makeDenseEngine())
    expect(outcome.status).toBe('finished')
    expect(outcome.proof.isPermutation).toBe(true)
    expect(outcome.moved.movedWeights).toBeGreaterThan(5)
    expect(E.isRight(makeInitialParams(experiment))).toBe(true)
  })

  test('refuses to move vectors as if they were images', () => {
    const experiment = must(
      own({ augmentation: { rotationDegrees: 5, shiftFraction: 0, zoom: 0, horizontalFlip: false } }),
    )
    const plan = planRun(experiment, sines)
    expect(E.isLeft(plan) && renderTrainError(plan.left)).toMatch(
      /sines: augmentation is switched on, but its inputs are vectors/,
    )
  })

  test('takes images of floats as they are and divides images of bytes by 255, if nothing else is asked for', () => {
    const imagesOf = (inputs: Uint8Array | Float32Array) => {
      const split = { inputs, labels: [1, 0] }
      const made = makeDataset({
        name: 'pictures',
        inputShape: [2, 2, 1],
        classes: 2,
        train: split,
        test: split,
      })
      if (E.isLeft(made)) throw new Error('the data set is valid')
      return made.right
    }
    const model = { ...mine, inputShape: [2, 2, 1], layers: [{ kind: 'flatten' } as const, ...mine.layers] }
    for (const [inputs, normalization] of [
      [new Float32Array(8).fill(0.5), 'none'],
      [new Uint8Array(8), 'unit'],
    ] as const) {
      const experiment = must(resolveExperiment({ model, dataset: imagesOf(inputs), batchSize: 2 }))
      expect(experiment.normalization).toBe(normalization)
      expect(E.isRight(planRun(experiment, imagesOf(inputs)))).toBe(true)
    }
    // A recipe that suits floats stays: Conv2's brings each channel to zero mean and unit variance.
    const conv2 = must(resolveExperiment({ model: 'conv2', dataset: imagesOf(new Float32Array(8)) }))
    expect(conv2.normalization).toBe('standard')
  })

  test('refuses to divide floats by 255, before anything is trained', () => {
    const plan = planRun(must(own({ normalization: 'unit' })), sines)
    expect(E.isLeft(plan) && renderTrainError(plan.left)).toMatch(
      /sines: normalization is unit, but its inputs are floats.*use none \(as they are\) or standard/,
    )
  })

  test('names the rule that a slow step size breaks', () => {
    for (const slowStepSize of [0, 2, -1, '1']) {
      const made = own({ outer: { kind: 'lookahead', slowStepSize: slowStepSize as number } })
      expect(E.isLeft(made) && renderTrainError(made.left)).toMatch(/must be a number above 0 and at most 1/)
    }
    expect(E.isRight(own({ outer: { kind: 'lookahead', slowStepSize: 1 } }))).toBe(true)
  })
})

describe('the name of a data set', () => {
  test('of one’s own is a name, not a path', () => {
    for (const name of ['', '../etc', 'a/b', 'x'.repeat(101), '\u001b[2J', '.hidden']) {
      const made = own({ dataset: { name } })
      expect(E.isLeft(made) && renderTrainError(made.left), name).toMatch(/dataset is .* must be a name/)
    }
  })

  test('given as text is a built-in one', () => {
    const made = own({ dataset: 'sines' })
    expect(E.isLeft(made) && renderTrainError(made.left)).toMatch(/no data set called 'sines'/)
  })
})
