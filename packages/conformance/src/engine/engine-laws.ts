/** What every engine must do, a function a law: it throws what is wrong, in words. */
import { checkPermutations, type Params, sortParams, syncParams } from '@laperm/core'
import { type Batch, type Engine, orThrow } from '@laperm/engine'
import { dense, relu, softmax } from '@laperm/models'
import { either as E } from 'fp-ts'
import {
  batchSize,
  infer,
  learningRate,
  options,
  require,
  requireSameParams,
  requireSameState,
  roles,
  syncPeriod,
  train,
  withSession,
} from './law-session.ts'
import { makeBatch } from './make-params.ts'
import { differentiateNetwork } from './network64.ts'
import { referenceLosses } from './reference-losses.ts'
import { denseNet, everyLayerNet, makeModel, scoredNet } from './sample-models.ts'

const withNaN = (params: Params): Params => {
  const [first, ...others] = params
  const values = first.values.slice()
  values[0] = Number.NaN
  return [{ ...first, values }, ...others]
}

const everyThirdZero = (params: Params): Params =>
  params.map((parameter) => ({
    ...parameter,
    values: parameter.values.map((value, i) => (i % 3 === 0 ? 0 : value)),
  }))

/** The laws by name, in the order in which they are reported. */
export const engineLaws = {
  'what cannot be trained is refused': async (engine: Engine) => {
    const untrainable = [
      makeModel('headless', [3], [dense(4), relu]),
      makeModel('image', [3, 3, 2], [relu, softmax]),
      makeModel('empty', [3], [relu, softmax]),
    ]
    for (const model of untrainable) {
      const compiled = await engine.compile(infer(model), options)()
      if (E.isRight(compiled)) await compiled.right.dispose()
      require(E.isLeft(compiled) &&
        compiled.left._tag ===
          'UnsupportedModel', `model ${model.name} is not answered with UnsupportedModel`)
    }
  },
  'the first losses are those of the reference': (engine: Engine) =>
    withSession(engine, everyLayerNet, async (session, initial) => {
      const steps = 2 * syncPeriod
      const batches = Array.from({ length: steps }, (_, i) =>
        makeBatch(session.inferred, batchSize, (i + 1) % 3),
      )
      const expected = referenceLosses(session.inferred, initial, batches, options, learningRate, syncPeriod)
      const got = await train(session, 1, steps)
      expected.forEach((loss, i) => {
        require(Math.abs(got[i] - loss) <=
          1e-4 * Math.abs(loss), `the loss of step ${i + 1} is ${got[i]}, the reference has ${loss}`)
      })
    }),
  'scores are those of the reference': (engine: Engine) =>
    withSession(engine, scoredNet, async (session, initial) => {
      const seeds = [0, 1, 2]
      const batches = seeds.map((seed) => makeBatch(session.inferred, batchSize, seed))
      for (const batch of batches) {
        const { loss, correct } = differentiateNetwork(session.inferred, initial, batch, new Map())
        const score = await orThrow(session.evaluate(batch))
        require(Math.abs(score.lossSum - loss * batch.size) <=
          1e-4 *
            loss *
            batch.size, `evaluate gives the loss sum ${score.lossSum}, the reference has ${loss * batch.size}`)
        require(score.correct === correct &&
          score.size ===
            batch.size, `evaluate calls ${score.correct} of ${score.size} examples right, the reference ${correct} of ${batch.size}`)
        const step = await orThrow(session.trainStep(batch, learningRate, 1))
        require(step.correct ===
          correct, `a step calls ${step.correct} examples right, the reference ${correct}`)
        await orThrow(session.initialize(initial))
      }
    }),
  'a state that was read goes on bit for bit': (engine: Engine) =>
    withSession(engine, everyLayerNet, async (session, initial) => {
      await train(session, 1, 4)
      const middle = await orThrow(session.readState())
      await train(session, 5, 8)
      const expected = await orThrow(session.readState())
      await orThrow(session.initialize(initial))
      await orThrow(session.writeState(middle))
      await train(session, 5, 8)
      requireSameState(await orThrow(session.readState()), expected, 'after it was resumed')
    }),
  'evaluating changes nothing': (engine: Engine) =>
    withSession(engine, everyLayerNet, async (session) => {
      await train(session, 1, 2)
      const before = await orThrow(session.readState())
      await orThrow(session.evaluate(makeBatch(session.inferred, batchSize, 1)))
      requireSameState(await orThrow(session.readState()), before, 'after an evaluation')
    }),
  'parameters that are named are read alone, as they are among all': (engine: Engine) =>
    withSession(engine, denseNet, async (session) => {
      const all = await orThrow(session.readParams())
      const [first, , third] = all
      const read = await orThrow(session.readParams([third.name, first.name]))
      requireSameParams(read, [first, third], 'read by their names')
    }),
  'synchronizing is what core does, and a permutation': (engine: Engine) =>
    withSession(engine, everyLayerNet, async (session, initial) => {
      await train(session, 1, 2)
      const before = await orThrow(session.readParams())
      await orThrow(session.sync())
      const after = await orThrow(session.readParams())
      requireSameParams(after, syncParams(sortParams(initial, roles), before, roles), 'than core gives')
      const { isPermutation } = checkPermutations(initial, after, roles)
      require(isPermutation, 'a weight vector does not hold exactly its initial weights')
    }),
  'frozen zeros are zero again, and nothing else is touched': (engine: Engine) =>
    withSession(
      engine,
      everyLayerNet,
      async (session, drawn) => {
        const initial = everyThirdZero(drawn)
        await orThrow(session.initialize(initial))
        await train(session, 1, 2)
        const before = await orThrow(session.readParams())
        await orThrow(session.sync())
        const expected = before.map((parameter, i) => ({
          ...parameter,
          values: roles.some((role) => role === parameter.role)
            ? parameter.values.map((value, at) => (initial[i].values[at] === 0 ? 0 : value))
            : parameter.values,
        }))
        requireSameParams(await orThrow(session.readParams()), expected, 'after zeros were frozen')
      },
      { kind: 'freezeZeros', roles },
    ),
  'NaN is named and nothing is permuted': (engine: Engine) =>
    withSession(engine, denseNet, async (session) => {
      await train(session, 1, 2)
      const state = await orThrow(session.readState())
      const params = withNaN(state.params)
      await orThrow(session.writeState({ ...state, params }))
      const synced = await session.sync()()
      require(E.isLeft(synced) &&
        synced.left._tag === 'Diverged' &&
        synced.left.variable === params[0].name &&
        synced.left.vector === 0 &&
        synced.left.index ===
          0, `sync answers ${JSON.stringify(synced)} to a NaN in weight 0 of vector 0 of ${params[0].name}`)
      requireSameParams(await orThrow(session.readParams()), params, 'after a synchronization that met a NaN')
    }),
  'a smaller last batch is taken': (engine: Engine) =>
    withSession(engine, everyLayerNet, async (session) => {
      const { inferred } = session
      const whole = makeBatch(inferred, 5, 1)
      const width = whole.inputs.length / 5
      const part = (from: number, to: number): Batch => ({
        size: to - from,
        inputs: whole.inputs.slice(from * width, to * width),
        labels: whole.labels.slice(from, to),
      })
      const all = await orThrow(session.evaluate(whole))
      const left = await orThrow(session.evaluate(part(0, 2)))
      const right = await orThrow(session.evaluate(part(2, 5)))
      require(Math.abs(left.lossSum + right.lossSum - all.lossSum) <= 1e-4 * Math.abs(all.lossSum) &&
        left.correct + right.correct ===
          all.correct, `5 examples score ${all.lossSum}, as 2 and 3 they score ${left.lossSum + right.lossSum}`)
      const { loss } = await orThrow(session.trainStep(part(0, 2), learningRate, 1))
      require(Number.isFinite(loss), `a step on 2 examples has the loss ${loss}`)
    }),
  'a session that was disposed of says so': (engine: Engine) =>
    withSession(engine, denseNet, async (session) => {
      await session.dispose()
      await session.dispose()
      const answer = await session.readParams()()
      require(E.isLeft(answer) &&
        answer.left._tag === 'EngineStopped', 'a call after dispose is not answered with EngineStopped')
    }),
} as const satisfies Readonly<Record<string, (engine: Engine) => Promise<void>>>
