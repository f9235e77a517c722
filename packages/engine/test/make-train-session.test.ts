import { adamSpec, DivergedError, diverged } from '@laperm/core'
import { dense, inferShapes, softmax, zoo } from '@laperm/models'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { type Batch, engineStopped, makeTrainSession, orThrow, type SessionWork } from '../src/index.ts'

const inferred = inferShapes({
  name: 'two classes',
  inputShape: [1],
  layers: [dense(2), softmax],
  initializers: zoo.mlp.initializers,
  permutedRoles: ['kernel'],
})
if (E.isLeft(inferred)) throw new Error(inferred.left.reason)
const params = inferred.right.parameters.map(({ name, shape, role }) => ({
  name,
  shape,
  role,
  values: new Float32Array(shape.reduce((product, axis) => product * axis, 1)),
}))
const slots = { m: params.map(({ values }) => values), v: params.map(({ values }) => values) }
const batch: Batch = { inputs: Float32Array.of(1), labels: Uint8Array.of(0), size: 1 }

const sessionOf = (work: Partial<SessionWork>) =>
  makeTrainSession(
    'test',
    inferred.right,
    {
      loss: 'softmaxCrossEntropy',
      innerOptimizer: adamSpec,
      outerUpdate: { kind: 'permute', roles: ['kernel'] },
      batchSize: 1,
      seed: 1,
    },
    {
      initialize: async () => undefined,
      trainStep: async () => ({ loss: 1, correct: 0 }),
      evaluate: async () => ({ lossSum: 1, correct: 0, size: 1 }),
      sync: async () => undefined,
      readParams: async () => params,
      readState: async () => ({ params, slots, slow: [] }),
      writeState: async () => undefined,
      dispose: async () => undefined,
      ...work,
    },
  )

describe('a session', () => {
  test('reads what is named, also of an engine that gives all, and refuses what the model has not', async () => {
    const session = sessionOf({})
    await orThrow(session.initialize(params))
    const [first] = params
    expect(await orThrow(session.readParams([first.name]))).toEqual([first])
    expect(() => session.readParams(['none'])).toThrow(/names: .* has no parameter none, only /)
  })

  test.each(['initialize', 'writeState'] as const)(
    'whose step failed after its first write refuses everything until %s',
    async (cure) => {
      let fails = true
      const session = sessionOf({
        trainStep: async (_batch, _rate, _step, willWrite) => {
          willWrite()
          if (fails) throw new Error('the driver gave up')
          return { loss: 1, correct: 0 }
        },
      })
      await orThrow(session.initialize(params))
      expect(await session.trainStep(batch, 1, 3)()).toEqual(
        E.left(
          engineStopped(
            'test',
            'the driver gave up (while training step 3 of two classes with 1 examples)',
            'restoreState',
          ),
        ),
      )
      fails = false
      for (const call of [session.trainStep(batch, 1, 3), session.sync(), session.readState()])
        expect(await call()).toMatchObject({ left: { _tag: 'EngineStopped', remedy: 'restoreState' } })
      await orThrow(
        cure === 'initialize' ? session.initialize(params) : session.writeState({ params, slots, slow: [] }),
      )
      expect(await session.trainStep(batch, 1, 3)()).toEqual(E.right({ loss: 1, correct: 0 }))
    },
  )

  test('that failed before its first write goes on', async () => {
    const session = sessionOf({
      sync: async () => {
        throw new DivergedError(1, 2, 'dense1/kernel')
      },
    })
    await orThrow(session.initialize(params))
    expect(await session.sync()()).toEqual(E.left(diverged('dense1/kernel', 1, 2)))
    expect(E.isRight(await session.trainStep(batch, 1, 1)())).toBe(true)
  })
})
