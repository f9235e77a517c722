import { checkEngine, engineLawNames, renderEngineReport } from '@laperm/conformance/engine'
import { type Engine, engineStopped, type TrainSession } from '@laperm/engine'
import { either as E, taskEither as TE } from 'fp-ts'
import { expect, test } from 'vitest'
import { makeOnnxEngine } from '../src/index.ts'

const made = await makeOnnxEngine({ threads: 1 })()
if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
const engine = made.right

/** The engine with one call of its sessions changed. */
const changed = (change: (session: TrainSession) => Partial<TrainSession>): Engine => ({
  ...engine,
  compile: (inferred, options) =>
    TE.map((session: TrainSession) => ({ ...session, ...change(session) }))(
      engine.compile(inferred, options),
    ),
})

test('the engine keeps the laws of engines', async () => {
  const report = await checkEngine(engine)
  expect(renderEngineReport(report)).not.toContain('FAILED')
  expect(report.passed).toBe(true)
})

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
])('an engine that breaks "%s" fails that law alone', async (law, broken) => {
  const { laws } = await checkEngine(broken)
  expect(laws.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([law])
})

const accept =
  (name: string): TE.TaskEither<never, TrainSession> =>
  async () => {
    throw new Error(`${name} was taken`)
  }

test('an engine whose synchronization does nothing is no LaPerm', async () => {
  const { laws } = await checkEngine(changed(() => ({ sync: () => TE.right(undefined) })))
  expect(laws.find(({ name }) => name === 'synchronizing is what core does, and a permutation')?.passed).toBe(
    false,
  )
  expect(laws.length).toBe(engineLawNames.length)
})
