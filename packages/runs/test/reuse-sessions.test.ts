import type { Engine, TrainSession } from '@laperm/engine'
import { engineStopped } from '@laperm/engine'
import { dense, dropout, flatten, type Model, relu, softmax, zoo } from '@laperm/models'
import { trainExperiment } from '@laperm/train'
import { taskEither as TE } from 'fp-ts'
import { expect, test } from 'vitest'
import { reusingSessions } from '../src/sweep/reuse-sessions.ts'
import { engineOfTests, experimentOf, must, smallDigits } from './fixture-runs.ts'

/** An engine that counts what is compiled and what is freed. */
const counting = (engine: Engine) => {
  const counts = { compiled: 0, freed: 0 }
  const counted: Engine = {
    ...engine,
    compile: (inferred, options) =>
      TE.map((session: TrainSession): TrainSession => {
        counts.compiled++
        const dispose = async () => {
          counts.freed++
          await session.dispose()
        }
        return { ...session, dispose }
      })(engine.compile(inferred, options)),
  }
  return { counts, counted }
}

const withDropout: Model = {
  ...zoo.f1,
  name: 'dropped',
  layers: [flatten, dense(16), relu, dropout(0.5), dense(10), softmax],
}

test('runs of one network share a session, and come to the bits of a new one', async () => {
  const engine = await engineOfTests()
  const { counts, counted } = counting(engine)
  const reusing = reusingSessions(counted)
  for (const settings of [{ seed: 1 }, { seed: 2 }, { seed: 1, epochs: 3 }]) {
    const experiment = experimentOf(settings)
    const reused = must(await trainExperiment(experiment, { engine: reusing, dataset: smallDigits })())
    const fresh = must(await trainExperiment(experiment, { engine, dataset: smallDigits })())
    expect(reused.weights).toEqual(fresh.weights)
    expect(reused.last).toEqual(fresh.last)
  }
  expect(counts).toEqual({ compiled: 1, freed: 0 })
  // Another batch is another session; the old one is freed first.
  must(await trainExperiment(experimentOf({ batchSize: 25 }), { engine: reusing, dataset: smallDigits })())
  expect(counts).toEqual({ compiled: 2, freed: 1 })
})

test('a network with dropout has a session of its own for each seed, which decides its masks', async () => {
  const engine = await engineOfTests()
  const { counts, counted } = counting(engine)
  const reusing = reusingSessions(counted)
  for (const seed of [1, 2, 2]) {
    const experiment = experimentOf({ model: withDropout, seed })
    const reused = must(await trainExperiment(experiment, { engine: reusing, dataset: smallDigits })())
    const fresh = must(await trainExperiment(experiment, { engine, dataset: smallDigits })())
    expect(reused.weights).toEqual(fresh.weights)
  }
  expect(counts).toEqual({ compiled: 2, freed: 1 })
})

test('a session that failed is not used again', async () => {
  const engine = await engineOfTests()
  const { counts, counted } = counting({
    ...engine,
    compile: (inferred, options) =>
      TE.map(
        (session: TrainSession): TrainSession => ({
          ...session,
          evaluate: () => TE.left(engineStopped('onnx', 'it was made to stop', 'goOn')),
        }),
      )(engine.compile(inferred, options)),
  })
  const reusing = reusingSessions(counted)
  for (let run = 1; run <= 2; run++) {
    const trained = await trainExperiment(experimentOf(), { engine: reusing, dataset: smallDigits })()
    expect(trained._tag).toBe('Left')
    expect(counts).toEqual({ compiled: run, freed: run })
  }
})
