import { checkPermutations } from '@laperm/core'
import { makeDigits } from '@laperm/data'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { type Checkpoint, makeInitialParams, renderTrainError, trainExperiment } from '../src/index.ts'
import { makeDenseEngine } from './dense-engine.ts'
import { eventsOf, experimentOf, fingerprint, runOf, smallDigits } from './fixture-runs.ts'

const sixEpochs = { epochs: 6, outer: { syncPeriod: { kind: 'constant', period: 10 } } } as const

describe('a LaPerm run', () => {
  test('learns to tell digits apart by reconnecting alone', async () => {
    const { outcome } = await runOf(experimentOf({ model: 'mlp', ...sixEpochs }))
    expect(outcome.status).toBe('finished')
    // Ten classes: guessing gives 10%.
    expect(outcome.best?.accuracy).toBeGreaterThan(0.4)
    expect(outcome.proof.isPermutation).toBe(true)
    expect(outcome.proof.weightVectors).toBe(210)
    expect(outcome.proof.permutedVectors).toBe(210)
  })

  test('proves by weights that have moved', async () => {
    const experiment = experimentOf({})
    const { outcome } = await runOf(experiment)
    const initial = E.getOrElseW(() => [])(makeInitialParams(experiment))
    expect(fingerprint(outcome.weights)).not.toBe(fingerprint(initial))
    expect(outcome.moved.weights).toBe(7840)
    expect(outcome.moved.movedWeights).toBeGreaterThan(784)
    expect(checkPermutations(initial, outcome.weights, ['kernel']).isPermutation).toBe(true)
  })

  test('synchronizes every k steps and evaluates right after the last synchronization of each epoch', async () => {
    // 10 steps an epoch, k = 4: synchronizations at 4, 8 | 12, 16, 20.
    const { outcome, events } = await runOf(
      experimentOf({ outer: { syncPeriod: { kind: 'constant', period: 4 } } }),
    )
    expect(eventsOf(events, 'sync').map(({ step }) => step)).toEqual([4, 8, 12, 16, 20])
    expect(eventsOf(events, 'evaluation').map(({ evaluation }) => evaluation.step)).toEqual([8, 20])
    const order = events.map((event) => event.kind)
    for (let i = 0; i < order.length; i++) if (order[i] === 'evaluation') expect(order[i - 1]).toBe('sync')
    expect(outcome.synchronizations).toBe(5)
    expect(outcome.finalSyncForced).toBe(false)
    expect(outcome.weightsStep).toBe(20)
  })

  test('reports no accuracy for an epoch without synchronization, and ends with a synchronization all the same', async () => {
    // 20 steps, k = 15: the first epoch has none; the end at step 20 is no multiple of 15.
    const { outcome, events } = await runOf(
      experimentOf({ outer: { syncPeriod: { kind: 'constant', period: 15 } } }),
    )
    const epochs = eventsOf(events, 'epochEnd').map(({ metrics }) => metrics)
    expect(epochs.map(({ test: evaluation }) => evaluation?.step ?? null)).toEqual([null, 20])
    expect(eventsOf(events, 'sync').map(({ step }) => step)).toEqual([15, 20])
    expect(outcome.finalSyncForced).toBe(true)
    expect(outcome.proof.isPermutation).toBe(true)
  })

  test('follows a sync period that changes over the run', async () => {
    const periods = [
      { fromStep: 1, period: 2 },
      { fromStep: 9, period: 6 },
    ]
    const { events } = await runOf(experimentOf({ outer: { syncPeriod: { kind: 'steps', periods } } }))
    expect(eventsOf(events, 'sync').map(({ step }) => step)).toEqual([2, 4, 6, 8, 14, 20])
  })

  test('takes a smaller last batch instead of dropping it', async () => {
    const { events } = await runOf(experimentOf({ batchSize: 150, epochs: 1 }))
    // 500 = 150 + 150 + 150 + 50.
    expect(eventsOf(events, 'step').length).toBe(4)
    const [{ metrics }] = eventsOf(events, 'epochEnd')
    expect(metrics.step).toBe(4)
    expect(metrics.trainAccuracy * 500).toBeCloseTo(Math.round(metrics.trainAccuracy * 500), 9)
  })

  test('measures the inner optimizer as a series of its own, just before the synchronization', async () => {
    const { outcome, events } = await runOf(
      experimentOf({ evaluateInner: true, outer: { syncPeriod: { kind: 'constant', period: 10 } } }),
    )
    const series = eventsOf(events, 'evaluation').map((event) => [
      event.series,
      event.evaluation.step,
      event.isBest,
    ])
    expect(series.map(([name, step]) => [name, step])).toEqual([
      ['inner', 10],
      ['synchronized', 10],
      ['inner', 20],
      ['synchronized', 20],
    ])
    expect(series.filter(([name, , isBest]) => name === 'inner' && isBest)).toEqual([])
    const [, second] = eventsOf(events, 'epochEnd')
    expect(second.metrics.inner?.accuracy).not.toBe(second.metrics.test?.accuracy)
    // Watching changes nothing.
    const unwatched = await runOf(experimentOf({ outer: { syncPeriod: { kind: 'constant', period: 10 } } }))
    expect(fingerprint(outcome.weights)).toBe(fingerprint(unwatched.outcome.weights))
  })

  test('keeps the best weights, not the last', async () => {
    // A learning rate that is a thousand times too large in the last epochs spoils what was learnt.
    const experiment = experimentOf({
      epochs: 4,
      learningRate: { kind: 'steps', initial: 1e-3, boundaries: [{ epoch: 2, factor: 1000 }] },
    })
    const { outcome, events } = await runOf(experiment)
    const measured = eventsOf(events, 'evaluation').map(({ evaluation }) => evaluation.accuracy)
    expect(outcome.best?.accuracy).toBe(Math.max(...measured))
    expect(outcome.last?.accuracy).toBe(measured.at(-1))
    expect(outcome.best?.accuracy).toBeGreaterThan(outcome.last?.accuracy ?? 1)
    expect(eventsOf(events, 'best').at(-1)?.weights).toBe(outcome.bestWeights)
    expect(fingerprint(outcome.bestWeights)).not.toBe(fingerprint(outcome.weights))
  })

  test('is a function of its seed', async () => {
    const one = await runOf(experimentOf({ seed: 7 }))
    const again = await runOf(experimentOf({ seed: 7 }))
    const other = await runOf(experimentOf({ seed: 8 }))
    expect(fingerprint(again.outcome.weights)).toBe(fingerprint(one.outcome.weights))
    expect(fingerprint(other.outcome.weights)).not.toBe(fingerprint(one.outcome.weights))
  })
})

describe('the other optimizers', () => {
  test('Adam alone is evaluated at each epoch’s end and makes no permutation', async () => {
    const { outcome, events } = await runOf(experimentOf({ optimizer: 'adam', outer: {} }))
    expect(eventsOf(events, 'evaluation').map(({ evaluation }) => evaluation.step)).toEqual([10, 20])
    expect(outcome.synchronizations).toBe(0)
    expect(outcome.proof.isPermutation).toBe(false)
    expect(outcome.weightsStep).toBe(20)
  })

  test('Lookahead synchronizes and is no permutation either', async () => {
    const { outcome } = await runOf(
      experimentOf({ optimizer: 'lookahead', outer: { syncPeriod: { kind: 'constant', period: 5 } } }),
    )
    expect(outcome.synchronizations).toBe(4)
    expect(outcome.proof.isPermutation).toBe(false)
  })
})

describe('a run that goes wrong', () => {
  test('stops at the first NaN, says where, and keeps the last synchronized weights', async () => {
    const experiment = experimentOf({ outer: { syncPeriod: { kind: 'constant', period: 3 } }, epochs: 6 })
    // A weight becomes NaN after step 32; the synchronization of step 33 would have to rank it.
    const { outcome } = await runOf(experiment, {}, makeDenseEngine({ poisonAfterStep: 32 }))
    expect(outcome.status).toBe('diverged')
    expect(outcome.divergedAt).toBe(33)
    expect(outcome.weightsStep).toBe(30)
    expect(outcome.proof.isPermutation).toBe(true)
  })

  test('notices a NaN that the synchronization meets first', async () => {
    const experiment = experimentOf({ outer: { syncPeriod: { kind: 'constant', period: 3 } }, epochs: 6 })
    const { outcome } = await runOf(experiment, {}, makeDenseEngine({ poisonAfterStep: 33 }))
    expect(outcome.status).toBe('diverged')
    expect(outcome.divergedAt).toBe(33)
    expect(outcome.synchronizations).toBe(10)
    expect(outcome.weights.every(({ values }) => values.every(Number.isFinite))).toBe(true)
  })

  test('does not keep weights that a synchronization left with a NaN in a free bias', async () => {
    // The MLP's biases are not permuted, so the synchronization of step 20 does not see theirs.
    const experiment = experimentOf({ model: 'mlp', outer: { syncPeriod: { kind: 'constant', period: 10 } } })
    const { outcome } = await runOf(
      experiment,
      {},
      makeDenseEngine({ poisonAfterStep: 20, poisonParameter: 1 }),
    )
    expect(outcome.status).toBe('diverged')
    expect(outcome.divergedAt).toBe(20)
    expect(outcome.weightsStep).toBe(10)
    expect(outcome.weights.every(({ values }) => values.every(Number.isFinite))).toBe(true)
  })

  test('keeps theta_0 when it diverges before the first synchronization', async () => {
    const experiment = experimentOf({ outer: { syncPeriod: { kind: 'constant', period: 10 } } })
    const { outcome } = await runOf(experiment, {}, makeDenseEngine({ poisonAfterStep: 2 }))
    expect(outcome.divergedAt).toBe(3)
    expect(outcome.weightsStep).toBe(0)
    expect(outcome.proof.isPermutation).toBe(true)
  })

  test('says when model and data do not fit, before anything is computed', async () => {
    const refusal = async (settings: Parameters<typeof experimentOf>[0], dataset = smallDigits) => {
      const result = await trainExperiment(experimentOf(settings), { engine: makeDenseEngine(), dataset })()
      return E.isLeft(result) ? renderTrainError(result.left) : 'fits'
    }
    expect(await refusal({ model: 'conv4', dataset: 'cifar10', sparsity: { kind: 'none' } })).toMatch(
      /conv4 takes inputs of \[32, 32, 3\], but those of digits are \[28, 28, 1\]/,
    )
    expect(await refusal({ batchSize: 501 })).toMatch(/batch of 501 is larger than the 500 training examples/)
    expect(await refusal({}, { ...smallDigits, classes: 11 })).toMatch(/10 classes apart, but digits has 11/)
    expect(await refusal({}, makeDigits(1, { train: 50, test: 1 }))).toBe('fits')
  })
})

test('the loop waits for an observer that returns anything with a then: a promise of another realm, or of a library', async () => {
  let waiting = 0
  const overtaken: string[] = []
  const { outcome } = await runOf(experimentOf({ limit: 200 }), {
    observe: (event) => {
      if (waiting > 0) overtaken.push(event.kind)
      if (event.kind !== 'step') return undefined
      waiting++
      const thenable = {
        // biome-ignore lint/suspicious/noThenProperty: what a promise is told by.
        then: (resolve: () => void) => {
          setTimeout(() => {
            waiting--
            resolve()
          }, 1)
        },
      }
      return thenable as unknown as Promise<void>
    },
  })
  expect(outcome.status).toBe('finished')
  expect(overtaken).toEqual([])
})

describe('an interrupted run', () => {
  /** Interrupt in the middle of step `at`, go on from the checkpoint, and give what both halves reported. */
  const interruptAt = async (
    experiment: ReturnType<typeof experimentOf>,
    at: (step: number, kind: string) => boolean,
  ) => {
    const abort = new AbortController()
    let checkpoint: Checkpoint | undefined
    let step = 0
    const first = await runOf(experiment, {
      signal: abort.signal,
      observe: (event) => {
        if (event.kind === 'step') step = event.step
        if (event.kind === 'checkpoint') checkpoint = event.checkpoint
        if (at(step, event.kind)) abort.abort()
      },
    })
    const second = await runOf(experiment, { resumeFrom: checkpoint })
    return { first, second }
  }

  test.each([
    ['before its first synchronization', 2, 'step'],
    ['between synchronizations', 17, 'step'],
    ['at a synchronization', 15, 'sync'],
    ['before the evaluation that the last synchronization of an epoch is for', 20, 'sync'],
    ['at an epoch’s end', 10, 'epochEnd'],
    ['just before the final synchronization', 30, 'step'],
  ])('goes on bit for bit when it was interrupted %s', async (_, at, kind) => {
    const experiment = experimentOf({ epochs: 3, evaluateInner: true })
    const whole = await runOf(experiment)
    const { first, second } = await interruptAt(experiment, (step, event) => step === at && event === kind)
    expect(first.outcome.status).toBe('interrupted')
    expect(first.outcome.steps).toBe(at)
    expect(first.outcome.proof.isPermutation).toBe(true)
    expect(second.outcome.status).toBe('finished')
    expect(fingerprint(second.outcome.weights)).toBe(fingerprint(whole.outcome.weights))
    expect(fingerprint(second.outcome.bestWeights)).toBe(fingerprint(whole.outcome.bestWeights))
    expect(second.outcome.best).toEqual(whole.outcome.best)
    const metricsOf = (run: { readonly events: Parameters<typeof eventsOf>[0] }) =>
      eventsOf(run.events, 'epochEnd').map(({ metrics }) => metrics)
    expect([...metricsOf(first), ...metricsOf(second)]).toEqual(metricsOf(whole))
  })

  test.each(['adam', 'sgd', 'lookahead'])('goes on bit for bit with %s', async (optimizer) => {
    const experiment = experimentOf({ optimizer })
    const whole = await runOf(experiment)
    const { second } = await interruptAt(experiment, (step, event) => step === 13 && event === 'step')
    expect(fingerprint(second.outcome.weights)).toBe(fingerprint(whole.outcome.weights))
    expect(second.outcome.last).toEqual(whole.outcome.last)
  })
})
