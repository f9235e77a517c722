import type { Params } from '@laperm/core'
import type { Engine } from '@laperm/engine'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { type Checkpoint, makeInitialParams, parseExperiment, resolveExperiment } from '../src/index.ts'
import { makeDenseEngine } from './dense-engine.ts'
import { eventsOf, experimentOf, fingerprint, runOf } from './fixture-runs.ts'

const watched = {
  rankingDistance: { parameters: ['dense1'], every: { kind: 'steps', count: 3 } },
} as const

/** An engine that shows the weights after each step, before they are synchronized. */
const watchedEngine = (show: (params: Params) => void): Engine => {
  const engine = makeDenseEngine()
  return {
    ...engine,
    compile: (inferred, options) =>
      F.pipe(
        engine.compile(inferred, options),
        TE.map((session) => ({
          ...session,
          trainStep: (batch, learningRate, step) =>
            F.pipe(
              session.trainStep(batch, learningRate, step),
              TE.flatMap((result) =>
                F.pipe(
                  session.readParams(),
                  TE.map((params) => {
                    show(params)
                    return result
                  }),
                ),
              ),
            ),
        })),
      ),
  }
}

/** Ranks within each column by counting: weights that are smaller, or equal and before. */
const ranksOf = ({ values, shape }: Params[number]): number[] => {
  const [length, count] = shape
  return Array.from(values, (weight, at) => {
    let rank = 0
    for (let i = 0; i < length; i++) {
      const other = i * count + (at % count)
      if (values[other] < weight || (values[other] === weight && other < at)) rank++
    }
    return rank
  })
}

describe('the ranking distance of a run', () => {
  test('is what the definition gives of the weights before synchronizations, in shares of the vectors', async () => {
    const experiment = experimentOf(watched)
    const shown = [...E.getOrElse((): Params => [])(makeInitialParams(experiment)).slice(0, 1)]
    const { events } = await runOf(
      experiment,
      {},
      watchedEngine((params) => shown.push(params[0])),
    )
    const measured = eventsOf(events, 'epochEnd').flatMap(({ metrics }) => metrics.rankingDistance ?? [])
    expect(measured.map(({ step }) => step)).toEqual([3, 6, 9, 12, 15, 18])
    for (const { step, parameter, mean, standardDeviation } of measured) {
      const [before, after] = [ranksOf(shown[step - 3]), ranksOf(shown[step])]
      const distances = after.map((rank, at) => Math.abs(rank - before[at]) / 784)
      const average = distances.reduce((sum, one) => sum + one, 0) / distances.length
      const variance = distances.reduce((sum, one) => sum + (one - average) ** 2, 0) / distances.length
      expect(parameter).toBe('dense1/kernel')
      expect(average).toBeGreaterThan(0)
      expect(mean).toBeCloseTo(average, 12)
      expect(standardDeviation).toBeCloseTo(Math.sqrt(variance), 12)
    }
  })

  test('changes no weight and no other measure', async () => {
    const [plain, measured] = [await runOf(experimentOf({})), await runOf(experimentOf(watched))]
    expect(fingerprint(measured.outcome.weights)).toBe(fingerprint(plain.outcome.weights))
    const metricsOf = ({ events }: typeof plain) =>
      eventsOf(events, 'epochEnd').map(({ metrics: { rankingDistance: _, ...rest } }) => rest)
    expect(metricsOf(measured)).toEqual(metricsOf(plain))
    expect(eventsOf(plain.events, 'epochEnd').some(({ metrics }) => 'rankingDistance' in metrics)).toBe(false)
  })

  // Every 3 steps: at 11 the last measurement is two steps old, and two of the epoch's are not written yet at 17.
  test.each([1, 3, 11, 17])(
    'goes on as if nothing had been when the run was interrupted at step %d',
    async (at) => {
      const experiment = experimentOf({ ...watched, epochs: 3 })
      const whole = await runOf(experiment)
      const abort = new AbortController()
      let checkpoint: Checkpoint | undefined
      const first = await runOf(experiment, {
        signal: abort.signal,
        observe: (event) => {
          if (event.kind === 'step' && event.step === at) abort.abort()
          if (event.kind === 'checkpoint') checkpoint = event.checkpoint
        },
      })
      const second = await runOf(experiment, { resumeFrom: checkpoint })
      const metricsOf = ({ events }: typeof whole) =>
        eventsOf(events, 'epochEnd').map(({ metrics }) => metrics)
      expect([...metricsOf(first), ...metricsOf(second)]).toEqual(metricsOf(whole))
    },
  )

  test('once an epoch it is that of whole epochs, all kernels after each other', async () => {
    const experiment = experimentOf({ model: 'mlp', rankingDistance: { parameters: ['all'] } })
    expect(experiment.rankingDistance).toEqual({
      parameters: ['dense1/kernel', 'dense2/kernel', 'dense3/kernel'],
      every: { kind: 'epochs', count: 1 },
    })
    const { events } = await runOf(experiment)
    expect(
      eventsOf(events, 'rankingDistance').map(({ measured }) =>
        measured.map(({ step, parameter }) => `${step} ${parameter}`),
      ),
    ).toEqual([
      ['10 dense1/kernel', '10 dense2/kernel', '10 dense3/kernel'],
      ['20 dense1/kernel', '20 dense2/kernel', '20 dense3/kernel'],
    ])
  })

  test('is not recorded by a saved experiment that is older than it', () => {
    const { rankingDistance: _, ...saved } = experimentOf({})
    expect(parseExperiment(saved)).toEqual(E.right(experimentOf({})))
  })

  test('of what is no kernel is refused, with the kernels that there are', () => {
    const refused = resolveExperiment({ model: 'mlp', rankingDistance: { parameters: ['dense1/bias'] } })
    expect(refused).toMatchObject({
      left: {
        _tag: 'UnknownName',
        name: 'dense1/bias',
        known: ['dense1/kernel', 'dense2/kernel', 'dense3/kernel'],
      },
    })
    expect(resolveExperiment({ model: 'mlp', rankingDistance: { parameters: [] } })).toMatchObject({
      left: { _tag: 'InvalidSetting' },
    })
  })
})
