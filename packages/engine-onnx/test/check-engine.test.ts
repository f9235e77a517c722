import {
  checkEngine,
  engineLawNames,
  makeModel,
  renderEngineReport,
  type TornStep,
} from '@laperm/conformance/engine'
import type { Params } from '@laperm/core'
import {
  type Batch,
  type Engine,
  type EvaluationResult,
  engineStopped,
  type TrainSession,
  type TrainStepResult,
} from '@laperm/engine'
import { dense, softmax } from '@laperm/models'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { expect, test } from 'vitest'
import { makeOnnxEngine } from '../src/index.ts'

const made = await makeOnnxEngine({ threads: 1 })()
if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
const engine = made.right

/** The two nearest weights of any weight vector in each other's place: still a permutation, and hardly another loss. */
const swapNearest = (params: Params): Params => {
  let nearest = { gap: Infinity, parameter: 0, low: 0, high: 0 }
  params.forEach(({ role, shape, values }, parameter) => {
    if (role !== 'kernel') return
    const count = shape[shape.length - 1]
    for (let j = 0; j < count; j++) {
      const places = Array.from({ length: values.length / count }, (_, i) => i * count + j)
      places.sort((a, b) => values[a] - values[b])
      places.slice(1).forEach((high, i) => {
        const low = places[i]
        const gap = values[high] - values[low]
        if (gap > 0 && gap < nearest.gap) nearest = { gap, parameter, low, high }
      })
    }
  })
  const values = params[nearest.parameter].values.slice()
  const { low, high } = nearest
  ;[values[low], values[high]] = [values[high], values[low]]
  return params.map((each, i) => (i === nearest.parameter ? { ...each, values } : each))
}

/** The engine with one call of its sessions changed. */
const changed = (change: (session: TrainSession) => Partial<TrainSession>): Engine => ({
  ...engine,
  compile: (inferred, options) =>
    TE.map((session: TrainSession) => ({ ...session, ...change(session) }))(
      engine.compile(inferred, options),
    ),
})

/** An activation of 4 * 10^7 rows of 10^6 values has 160 TB: more than a process can address, whatever the machine has. */
const tornStep: TornStep = {
  model: makeModel('vast net', [1], [dense(1_000_000, { useBias: false }), dense(2), softmax], []),
  tear: (session) => {
    const size = 40_000_000
    const batch = { size, inputs: new Float32Array(size), labels: new Uint8Array(size) }
    return session.trainStep(batch, 1e-3, 2)
  },
}

test('the engine keeps the laws of engines', async () => {
  const report = await checkEngine(engine, { tornStep })
  expect(report.leftOut).toEqual([])
  expect(renderEngineReport(report)).not.toContain('FAILED')
  expect(report.passed).toBe(true)
})

/** Sessions that count or sum wrongly, and train rightly. */
const scoreFaults: readonly ((session: TrainSession) => Partial<TrainSession>)[] = [
  ...[
    (seen: EvaluationResult) => ({ ...seen, correct: 0 }),
    (seen: EvaluationResult) => ({ ...seen, correct: seen.size }),
    (seen: EvaluationResult) => ({ ...seen, lossSum: seen.lossSum * 2 }),
  ].map((wrong) => (session: TrainSession) => ({
    evaluate: (batch: Batch) => TE.map(wrong)(session.evaluate(batch)),
  })),
  (session) => ({
    trainStep: (batch, rate, step) =>
      TE.map((seen: TrainStepResult) => ({ ...seen, correct: 0 }))(session.trainStep(batch, rate, step)),
  }),
]

test.each<readonly [(typeof engineLawNames)[number], Engine]>([
  [
    'what cannot be trained is refused',
    {
      ...engine,
      compile: (inferred, options) =>
        TE.orElse(() => accept(inferred.model.name))(engine.compile(inferred, options)),
    },
  ],
  [
    'the first losses are those of the reference',
    changed((session) => ({
      trainStep: (batch, rate, step) =>
        TE.map((seen: { loss: number; correct: number }) => ({ ...seen, loss: seen.loss * 1.001 }))(
          session.trainStep(batch, rate, step),
        ),
    })),
  ],
  ...scoreFaults.map((fault): readonly ['scores are those of the reference', Engine] => [
    'scores are those of the reference',
    changed(fault),
  ]),
  [
    'a state that was read goes on bit for bit',
    changed((session) => ({
      writeState: (state) =>
        session.writeState({
          ...state,
          slots: { ...state.slots, m: state.slots['m'].map((values) => new Float32Array(values.length)) },
        }),
    })),
  ],
  [
    'evaluating changes nothing',
    changed((session) => ({
      evaluate: (batch) => async () => {
        const evaluated = await session.evaluate(batch)()
        await session.sync()()
        return evaluated
      },
    })),
  ],
  [
    'synchronizing is what core does, and a permutation',
    changed((session) => ({
      sync: () =>
        F.pipe(
          session.sync(),
          TE.chain(session.readState),
          TE.chain((state) => session.writeState({ ...state, params: swapNearest(state.params) })),
        ),
    })),
  ],
  [
    'a smaller last batch is taken',
    changed((session) => ({
      evaluate: (batch) =>
        TE.map((seen: EvaluationResult) => ({ ...seen, lossSum: seen.lossSum * (8 / batch.size) }))(
          session.evaluate(batch),
        ),
    })),
  ],
  [
    'NaN is named and nothing is permuted',
    changed((session) => ({
      sync: () => TE.mapLeft(() => engineStopped('onnx', 'not a number', 'goOn'))(session.sync()),
    })),
  ],
  [
    'a session that was disposed of says so',
    changed((session) => ({
      readParams: () => async () => {
        const read = await session.readParams()()
        return E.isLeft(read) ? E.right([]) : read
      },
    })),
  ],
])('an engine that breaks "%s" fails that law', async (law, broken) => {
  const { laws, passed } = await checkEngine(broken, { laws: [law] })
  expect(laws).toMatchObject([{ name: law, passed: false }])
  expect(passed).toBe(false)
})

const accept =
  (name: string): TE.TaskEither<never, TrainSession> =>
  async () => {
    throw new Error(`${name} was taken`)
  }

test('an engine that goes on with a torn state fails the law of torn states', async () => {
  const forgetful = changed((session) => ({
    evaluate: (batch) =>
      TE.orElse(() => TE.right({ lossSum: 1, correct: 0, size: batch.size }))(session.evaluate(batch)),
  }))
  const law = 'a step that failed halfway stops the session'
  const { laws } = await checkEngine(forgetful, { tornStep, laws: [law] })
  expect(laws).toMatchObject([{ name: law, passed: false }])
})

test('without a way to tear a step its law is left out, and said to be', async () => {
  const law = 'a step that failed halfway stops the session'
  const report = await checkEngine(engine, { laws: [law, 'a session that was disposed of says so'] })
  expect(report.leftOut).toContainEqual({ name: law, reason: 'no tornStep was handed in' })
  expect(renderEngineReport(report)).toContain(`- left out ${law}: no tornStep was handed in`)
  expect(report.passed).toBe(true)
})

test('laws that were not chosen are left out and said to be; where none is checked, none is kept', async () => {
  const chosen = 'what cannot be trained is refused'
  const report = await checkEngine(engine, { laws: [chosen] })
  expect(report.laws).toEqual([{ name: chosen, passed: true }])
  expect(report.leftOut).toEqual(
    engineLawNames.filter((name) => name !== chosen).map((name) => ({ name, reason: 'not chosen' })),
  )
  expect(renderEngineReport(report)).toMatch(/^Engine onnx keeps the laws of engines that were checked\./)
  expect((await checkEngine(engine, { laws: [] })).passed).toBe(false)
  await expect(checkEngine(engine, { laws: ['no such law' as typeof chosen] })).rejects.toThrow(
    /there is no law 'no such law'; there are: what cannot be trained/,
  )
})
