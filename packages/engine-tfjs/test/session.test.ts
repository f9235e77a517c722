/** Sessions on wasm: they leave nothing behind, resume exactly, and say what is wrong before anything is touched. */

import { everyLayerNet, makeBatch, makeParams } from '@laperm/conformance/engine'
import { checkPermutation, diverged, type Params } from '@laperm/core'
import { type Batch, type Engine, engineStopped, type OuterUpdate, orThrow } from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeHostTensorOperations, makeTfjsEngine } from '../src/index.ts'
import { makeWasmEngine } from '../src/wasm.ts'
import { comparedModels } from './compared-models.ts'
import { compile, trainSteps } from './losses.ts'

let engine: Engine
beforeAll(async () => {
  const made = await makeWasmEngine()()
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  engine = made.right
})

const bitsOf = (params: Params): readonly string[] =>
  params.map(
    ({ name, values }) =>
      `${name} ${Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')}`,
  )

describe('a session', () => {
  test('a hundred steps and a hundred synchronizations leave no tensor behind, and disposing leaves none at all', async () => {
    const before = tf.memory().numTensors
    const session = await compile(engine, everyLayerNet)
    await trainSteps(session, 1, 5)
    const trained = tf.memory().numTensors
    for (let step = 6; step <= 105; step++) {
      await orThrow(session.trainStep(makeBatch(session.inferred, 4, step % 4), 1e-3, step))
      await orThrow(session.sync())
    }
    await orThrow(session.evaluate(makeBatch(session.inferred, 3, 1)))
    await orThrow(session.writeState(await orThrow(session.readState())))
    expect(tf.memory().numTensors).toBe(trained)
    await session.dispose()
    await session.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('after a synchronization every kernel is a permutation of its initial weights, bit for bit', async () => {
    const session = await compile(engine, everyLayerNet)
    const initial = makeParams(session.inferred, 1)
    await trainSteps(session, 1, 10)
    const params = await orThrow(session.readParams())
    const moved: string[] = []
    for (const [i, { name, role, values, shape }] of params.entries()) {
      const count = shape[shape.length - 1]
      const vectors = (given: Float32Array) => ({ values: given, length: given.length / count, count })
      if (role === 'kernel')
        expect(checkPermutation(vectors(initial[i].values), vectors(values)), name).toEqual(E.right(count))
      if (values.some((value, k) => value !== initial[i].values[k])) moved.push(name)
    }
    expect(moved).toEqual(
      expect.arrayContaining(['conv1/kernel', 'conv1/bias', 'dense1/kernel', 'batchNorm1/gamma']),
    )
    await session.dispose()
  })

  test('a synchronization that its device refuses late changes no parameter and leaves no tensor behind', async () => {
    const host = await makeHostTensorOperations()()
    if (E.isLeft(host)) throw new Error(host.left.reason)
    let refuses = false
    const settled = async () => {
      if (refuses) throw new Error('the device refused a command')
    }
    const made = await makeTfjsEngine({ name: 'wasm', operations: { ...host.right, settled } })()
    if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
    const session = await compile(made.right, everyLayerNet)
    await trainSteps(session, 1, 5)
    await orThrow(session.trainStep(makeBatch(session.inferred, 4, 1), 1e-2, 6))
    const before = bitsOf(await orThrow(session.readParams()))
    const { numTensors } = tf.memory()
    refuses = true
    expect(await session.sync()()).toEqual(
      E.left(
        engineStopped(
          'wasm',
          'the device refused a command (while synchronizing net of every layer)',
          'goOn',
        ),
      ),
    )
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(bitsOf(await orThrow(session.readParams()))).toEqual(before)
    refuses = false
    await orThrow(session.sync())
    expect(bitsOf(await orThrow(session.readParams()))).not.toEqual(before)
    await session.dispose()
  })

  test.each(['permute', 'lookahead'] as const)(
    'with %s a state that was read goes on bit for bit',
    async (kind) => {
      const outerUpdate: OuterUpdate =
        kind === 'permute' ? { kind, roles: ['kernel'] } : { kind, slowStepSize: 0.4 }
      const left = await compile(engine, everyLayerNet, { outerUpdate })
      await trainSteps(left, 1, 8)
      const state = await orThrow(left.readState())
      await trainSteps(left, 9, 16)
      const resumed = await compile(engine, everyLayerNet, { outerUpdate })
      await orThrow(resumed.writeState(state))
      await trainSteps(resumed, 9, 16)
      expect(bitsOf(await orThrow(resumed.readParams()))).toEqual(bitsOf(await orThrow(left.readParams())))
      expect(await orThrow(resumed.readState())).toEqual(await orThrow(left.readState()))
      await left.dispose()
      await resumed.dispose()
    },
  )

  test('two sessions side by side do not touch each other', async () => {
    const [alone, one, other] = [
      await compile(engine, comparedModels['f2']),
      await compile(engine, comparedModels['f2']),
      await compile(engine, everyLayerNet),
    ]
    const expected = await trainSteps(alone, 1, 6)
    const losses: number[] = []
    for (let step = 1; step <= 6; step++) {
      losses.push(...(await trainSteps(one, step, step)))
      await trainSteps(other, step, step)
    }
    expect(losses).toEqual(expected)
    for (const session of [alone, one, other]) await session.dispose()
  })

  test('NaN is named by variable and place, and nothing is permuted', async () => {
    const session = await compile(engine, comparedModels['f2'])
    const state = await orThrow(session.readState())
    const [broken] = state.params
    const values = broken.values.slice()
    values[broken.shape[1] + 2] = Number.NaN
    const params = state.params.map((each) => (each === broken ? { ...each, values } : each))
    await orThrow(session.writeState({ ...state, params }))
    const before = bitsOf(await orThrow(session.readParams()))
    expect(await session.sync()()).toEqual(E.left(diverged(broken.name, 2, 1)))
    expect(bitsOf(await orThrow(session.readParams()))).toEqual(before)
    await session.dispose()
  })

  test('what does not fit is refused by name, value and rule, and a session that is disposed of says so', async () => {
    const session = await compile(engine, comparedModels['f2'])
    const good = makeBatch(session.inferred, 4, 1)
    const step =
      (batch: Batch, learningRate = 1e-3, number = 1) =>
      () =>
        session.trainStep(batch, learningRate, number)
    expect(step({ ...good, inputs: good.inputs.subarray(1) })).toThrow(
      /4 examples of f2 need 3136 inputs, got 3135/,
    )
    expect(step({ ...good, labels: Uint8Array.of(1, 2, 10, 3) })).toThrow(/label of example 2 is 10/)
    expect(step(good, Number.NaN)).toThrow(/learningRate: must be a finite number, got NaN/)
    expect(step(good, 1e-3, 0)).toThrow(/step: must be a whole number counted from 1, got 0/)
    expect(() => session.initialize([])).toThrow(/params: .* parameters, got 0/)
    const state = await orThrow(session.readState())
    expect(() => session.writeState({ ...state, slots: {} })).toThrow(/state: slot m needs one array/)
    await session.dispose()
    expect(await step(good)()()).toEqual(
      E.left(engineStopped('wasm', 'the session of f2 was disposed', 'compileAgain')),
    )
  })
})

describe('an engine', () => {
  test('that tfjs has no backend for says what to import', async () => {
    expect(await makeTfjsEngine({ name: 'quantum' })()).toEqual(
      E.left({
        _tag: 'EngineUnavailable',
        engine: 'quantum',
        reason: "tfjs has no backend called 'quantum'",
        remedy: { kind: 'advice', text: expect.stringContaining('Import its package') },
      }),
    )
  })

  test('refuses options outside their rules', async () => {
    await expect(compile(engine, comparedModels['f2'], { batchSize: 0 })).rejects.toThrow(
      'batchSize: must be a positive integer, got 0',
    )
    await expect(makeWasmEngine({ threads: 0 })()).rejects.toThrow(
      'threads: must be a positive integer, got 0',
    )
  })
})
