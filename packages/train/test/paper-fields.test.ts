import { checkPermutations, type Params } from '@laperm/core'
import { makeOnnxEngine } from '@laperm/engine-onnx'

import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  type ExperimentSettings,
  makeInitialParams,
  parseExperiment,
  planRun,
  renderTrainError,
  resolveExperiment,
  settingsFromFlags,
  startSession,
  trainPlan,
  withoutAbsent,
} from '../src/index.ts'
import { eventsOf, experimentOf, fingerprint, runOf, smallDigits } from './fixture-runs.ts'

const refused = (settings: Partial<ExperimentSettings>): string => {
  const resolved = resolveExperiment({ model: 'f2', ...settings })
  return E.isLeft(resolved) ? renderTrainError(resolved.left) : 'taken'
}
const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}
const onnx = async () => must(await makeOnnxEngine({ threads: 1 })())
const half = { kind: 'perKernel', fractions: [0.5] } as const

describe('frozen zeros', () => {
  const settings = { optimizer: 'adam', sparsity: half, threads: 1 } as const

  test('stay zero to the end, while the other weights are trained', async () => {
    const experiment = experimentOf({ ...settings, frozenZeros: true })
    const initial = must(makeInitialParams(experiment))
    const { outcome } = await runOf(experiment, {}, await onnx())
    const [{ values: before }] = initial
    const [{ values: after }] = outcome.weights
    const zeros = before.filter((value) => value === 0).length
    expect(zeros).toBe(before.length / 2)
    before.forEach((value, i) => {
      if (value === 0) expect(Object.is(after[i], 0)).toBe(true)
    })
    expect(after.filter((value) => value === 0).length).toBeLessThan(zeros * 1.4)
    expect(outcome.synchronizations).toBe(0)
  })

  test('give other weights than free zeros, and the same ones each time', async () => {
    const free = await runOf(experimentOf({ ...settings, frozenZeros: false }), {}, await onnx())
    const frozen = await runOf(experimentOf({ ...settings, frozenZeros: true }), {}, await onnx())
    expect(fingerprint(frozen.outcome.weights)).not.toBe(fingerprint(free.outcome.weights))
    const again = await runOf(experimentOf({ ...settings, frozenZeros: true }), {}, await onnx())
    expect(fingerprint(again.outcome.weights)).toBe(fingerprint(frozen.outcome.weights))
  })

  test('are refused where an outer update moves them, and where there are none', () => {
    expect(refused({ frozenZeros: true })).toMatch(/frozenZeros.*inner optimizer trains alone/)
    expect(refused({ frozenZeros: true, optimizer: 'adam', sparsity: 0 })).toMatch(/nothing is pruned/)
    expect(refused({ frozenZeros: true, optimizer: 'adam' })).toBe('taken')
  })
})

describe('weights shuffled from a trained network', () => {
  const from = 'a'.repeat(64)
  const experiment = experimentOf({ shuffledFrom: from })
  const trained: Params = must(makeInitialParams(experimentOf({ seed: 9 }))).map((parameter) => ({
    ...parameter,
    values: parameter.values.map((value, i) => value + i / 1e4),
  }))

  test('are theta_0: the same values in each weight vector, in another order that the seed decides', () => {
    const initial = must(makeInitialParams(experiment, trained))
    expect(checkPermutations(trained, initial, ['kernel']).isPermutation).toBe(true)
    expect(fingerprint(initial)).not.toBe(fingerprint(trained))
    expect(fingerprint(must(makeInitialParams(experiment, trained)))).toBe(fingerprint(initial))
    const other = must(makeInitialParams({ ...experiment, seed: 2 }, trained))
    expect(fingerprint(other)).not.toBe(fingerprint(initial))
  })

  test('are what is permuted, and the proof goes by them', async () => {
    const plan = must(planRun(experiment, smallDigits, trained))
    const session = must(await startSession(plan, await onnx())())
    const outcome = must(await trainPlan(plan, session, { dataset: smallDigits })())
    expect(outcome.proof.isPermutation).toBe(true)
    expect(checkPermutations(trained, outcome.weights, ['kernel']).isPermutation).toBe(true)
    expect(outcome.moved.movedWeights).toBeGreaterThan(0)
  })

  test('are refused where they are not at hand or of another network, and by anything that is no identity', () => {
    expect(E.isRight(planRun(experiment, smallDigits))).toBe(true)
    const absent = makeInitialParams(experiment)
    expect(E.isLeft(absent) ? renderTrainError(absent.left) : '').toMatch(/run aaaaaa, and.*not at hand/)
    const other = makeInitialParams(
      experiment,
      must(makeInitialParams(must(resolveExperiment({ model: 'f2' })))),
    )
    expect(E.isLeft(other) ? renderTrainError(other.left) : '').toContain('other parameters')
    expect(refused({ shuffledFrom: 'runs/adam' })).toContain('64 hexadecimal digits')
  })
})

describe('training accuracy', () => {
  test('is measured on examples drawn once, where the test set is, and changes no weight', async () => {
    const plain = await runOf(experimentOf({}))
    const measured = await runOf(experimentOf({ trainExamples: 300 }))
    expect(fingerprint(measured.outcome.weights)).toBe(fingerprint(plain.outcome.weights))
    const epochs = eventsOf(measured.events, 'epochEnd').map(({ metrics }) => metrics)
    for (const { trained, test } of epochs) {
      expect(trained?.step).toBe(test?.step)
      // A share of 300 examples.
      expect(
        Math.abs((trained?.accuracy ?? 0) * 300 - Math.round((trained?.accuracy ?? 0) * 300)),
      ).toBeLessThan(1e-9)
    }
    for (const { metrics } of eventsOf(plain.events, 'epochEnd'))
      expect(metrics).not.toHaveProperty('trained')
  })

  test('is refused on more examples than there are', () => {
    expect(refused({ trainExamples: 300, limit: 200 })).toMatch(/only 200 training examples/)
    const plan = planRun(experimentOf({ trainExamples: 501 }), smallDigits)
    expect(E.isLeft(plan) ? renderTrainError(plan.left) : '').toMatch(/501 training examples.*there are 500/)
  })
})

describe('sparsity by layer', () => {
  test('names kernels by their layers; others stay whole', () => {
    const { sparsity } = must(resolveExperiment({ model: 'f2', sparsity: { dense2: 0.5, dense1: 0.25 } }))
    expect(sparsity).toEqual({ kind: 'perKernel', fractions: [0.25, 0.5, 0] })
    const flags = must(settingsFromFlags({ sparsity: 'dense1=14/15,dense3=0.5' }))
    expect(must(resolveExperiment({ model: 'f2', ...flags })).sparsity).toEqual({
      kind: 'perKernel',
      fractions: [14 / 15, 0, 0.5],
    })
  })

  test('refuses a layer that is not there with the nearest one, a share out of range, and a layer twice', () => {
    expect(refused({ sparsity: { dens1: 0.5 } })).toMatch(/'dens1'.*Did you mean 'dense1'/)
    expect(refused({ sparsity: { dense1: 1.5 } })).toMatch(/fractions\[0\] is 1.5/)
    const twice = settingsFromFlags({ sparsity: 'dense1=0.5,dense1=0.6' })
    expect(E.isLeft(twice) ? renderTrainError(twice.left) : '').toContain('once')
  })
})

describe('a trial', () => {
  test('that fails ends the run at its epoch as diverged, with the weights that it had', async () => {
    const experiment = experimentOf({ epochs: 3, trial: { epochs: 2, accuracy: 0.999 } })
    const { outcome, events } = await runOf(experiment)
    expect(outcome).toMatchObject({ status: 'diverged', divergedAt: 20, steps: 20, weightsStep: 20 })
    expect(eventsOf(events, 'epochEnd')).toHaveLength(2)
    const shorter = await runOf(experimentOf({ epochs: 2 }))
    expect(fingerprint(outcome.weights)).toBe(fingerprint(shorter.outcome.weights))
  })

  test('that is passed changes nothing', async () => {
    const tried = await runOf(experimentOf({ trial: { epochs: 1, accuracy: 0 } }))
    expect(tried.outcome.status).toBe('finished')
    const plain = await runOf(experimentOf({}))
    expect(fingerprint(tried.outcome.weights)).toBe(fingerprint(plain.outcome.weights))
  })

  test('is refused where its parts are none', () => {
    expect(refused({ trial: { epochs: 0, accuracy: 0.2 } })).toMatch(/trial\.epochs/)
    expect(refused({ trial: { epochs: 1, accuracy: 1 } })).toMatch(/trial\.accuracy is 1/)
  })
})

describe('experiments from before these fields', () => {
  test('are read as what they were, and told from others as before', () => {
    const experiment = experimentOf({})
    const {
      frozenZeros: _a,
      shuffledFrom: _b,
      trainExamples: _c,
      rankingDistance: _d,
      trial: _e,
      ...before
    } = experiment
    expect(must(parseExperiment(JSON.parse(JSON.stringify(before))))).toEqual(experiment)
    expect(withoutAbsent(experiment)).toEqual(before)
    expect(withoutAbsent({ ...experiment, frozenZeros: true })).toHaveProperty('frozenZeros', true)
  })
})
