import { fileURLToPath } from 'node:url'
import { denseNet, makeBatch, makeModel, makeParams } from '@laperm/conformance/engine'
import { adamSpec, diverged, sgdSpec } from '@laperm/core'
import {
  engineStopped,
  orThrow,
  renderEngineError,
  renderSessionError,
  type SessionError,
} from '@laperm/engine'
import { dense, relu, softmax } from '@laperm/models'
import { either as E, type taskEither as TE } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { compileModel } from '../src/compile/compile-model.ts'
import { startWorker } from '../src/host/worker-link.ts'
import { makeOnnxEngine } from '../src/index.ts'
import { infer } from './support/infer.ts'
import { makeSession } from './support/make-session.ts'

const compileError = async (model: typeof denseNet): Promise<string> => {
  const engine = await makeOnnxEngine()()
  if (E.isLeft(engine)) throw new Error(renderEngineError(engine.left))
  const session = await engine.right.compile(infer(model), {
    loss: 'softmaxCrossEntropy',
    innerOptimizer: adamSpec,
    outerUpdate: { kind: 'none' },
    batchSize: 4,
    seed: 1,
  })()
  if (E.isRight(session)) {
    await session.right.dispose()
    return 'no error'
  }
  return renderEngineError(session.left)
}

const lefts = async (task: TE.TaskEither<SessionError, unknown>): Promise<SessionError> => {
  const result = await task()
  if (E.isRight(result)) throw new Error('it succeeded')
  return result.left
}

describe('a session says what is wrong', () => {
  it('with a batch', async () => {
    const session = await makeSession(denseNet)
    const good = makeBatch(session.inferred, 4, 0)
    await expect(orThrow(session.trainStep(good, 0.1, 1))).rejects.toThrow('trainStep: call initialize first')
    await orThrow(session.initialize(makeParams(session.inferred, 1)))

    const labels = Uint8Array.of(0, 4, 5, 1)
    expect(() => session.trainStep({ ...good, labels }, 0.1, 1)).toThrow(
      'the label of example 2 is 5, but dense net has 5 classes (0 to 4)',
    )
    expect(() => session.evaluate({ ...good, labels })).toThrow('the label of example 2 is 5')
    expect(() => session.evaluate({ ...good, inputs: good.inputs.slice(1) })).toThrow(
      '4 examples of dense net need 28 inputs, got 27',
    )
    expect(() => session.evaluate({ ...good, labels: labels.slice(1) })).toThrow(
      '4 examples need as many labels, got 3',
    )
    expect(() => session.evaluate({ ...good, size: 0 })).toThrow('size must be a positive integer')
    expect(() => session.trainStep(good, Number.NaN, 1)).toThrow('learningRate: must be a finite')
    expect(() => session.trainStep(good, 0.1, 0)).toThrow('step: must be a whole number counted from 1')
    // None of it has hurt the session.
    expect((await orThrow(session.trainStep(good, 0.1, 1))).loss).toBeGreaterThan(0)
    await session.dispose()
  })

  it('with parameters', async () => {
    const session = await makeSession(denseNet)
    const params = makeParams(session.inferred, 1)
    expect(() => session.initialize(params.slice(1))).toThrow('dense net has 5 parameters, got 4')
    expect(() => session.initialize([...params.slice(0, 4), { ...params[4], name: 'nobody' }])).toThrow(
      'number 4 of dense net is dense3/bias, got nobody',
    )
    expect(() => session.initialize([{ ...params[0], shape: [9, 7] }, ...params.slice(1)])).toThrow(
      'dense1/kernel has shape [7, 9] (63 values), got [9, 7] with 63 values',
    )
    await orThrow(session.initialize(params))
    const state = await orThrow(session.readState())
    expect(() => session.writeState({ ...state, slots: {} })).toThrow(
      'slot m needs one array for each of 5 trainable parameters, got none',
    )
    expect(() => session.writeState({ ...state, slow: state.slots['m'] })).toThrow('slow')
    await session.dispose()
  })

  it('with a weight that is NaN, and synchronizes nothing', async () => {
    const session = await makeSession(denseNet, { outerUpdate: { kind: 'permute', roles: ['kernel'] } })
    const params = makeParams(session.inferred, 1)
    await orThrow(session.initialize(params))
    const state = await orThrow(session.readState())
    const values = params[3].values.slice()
    values[2 * 5 + 1] = Number.NaN
    await orThrow(
      session.writeState({
        ...state,
        params: params.map((parameter, i) => (i === 3 ? { ...parameter, values } : parameter)),
      }),
    )
    expect(await lefts(session.sync())).toEqual(diverged('dense3/kernel', 1, 2))
    const kept = await orThrow(session.readParams())
    kept.forEach((parameter, i) => {
      expect([...parameter.values]).toEqual([...(i === 3 ? values : params[i].values)])
    })
    await session.dispose()
  })

  it('when a call comes before the last one has ended', async () => {
    const session = await makeSession(denseNet)
    await orThrow(session.initialize(makeParams(session.inferred, 1)))
    const first = orThrow(session.trainStep(makeBatch(session.inferred, 4, 0), 0.1, 1))
    await expect(orThrow(session.sync())).rejects.toThrow('still busy with training step 1 of dense net')
    expect((await first).loss).toBeGreaterThan(0)
    await session.dispose()
  })

  it('after its end, and when it ends in the middle of a step', async () => {
    const session = await makeSession(denseNet)
    await orThrow(session.initialize(makeParams(session.inferred, 1)))
    const step = lefts(session.trainStep(makeBatch(session.inferred, 4, 0), 0.1, 17))
    await session.dispose()
    const disposed = engineStopped('onnx', 'the session of dense net was disposed', 'compileAgain')
    expect(await step).toEqual(disposed)
    await session.dispose()
    expect(await lefts(session.sync())).toEqual(disposed)
  })

  it('when memory does not suffice, and goes on afterwards', async () => {
    // An activation of 10^7 rows of 4 * 10^6 values has 160 TB: more than a process can address, whatever the machine has.
    const size = 10_000_000
    const session = await makeSession(makeModel('vast net', [1], [dense(4_000_000), dense(2), softmax]), {
      innerOptimizer: sgdSpec,
    })
    const params = makeParams(session.inferred, 1)
    await orThrow(session.initialize(params))
    const vast = { size, inputs: new Float32Array(size), labels: new Uint8Array(size) }
    const failed = await lefts(session.trainStep(vast, 0.1, 1))
    expect(failed).toMatchObject({ _tag: 'OutOfMemory', engine: 'onnx' })
    expect(renderSessionError(failed)).toMatch(
      /160000000000000 \(while training step 1 of vast net with 10000000 examples\)\. Try a smaller batch\.$/,
    )
    const small = makeBatch(session.inferred, 2, 0)
    expect(await lefts(session.trainStep(small, 0.1, 1))).toMatchObject({
      _tag: 'EngineStopped',
      remedy: 'restoreState',
    })
    await orThrow(session.initialize(params))
    expect((await orThrow(session.trainStep(small, 1e-6, 1))).loss).toBeGreaterThan(0)
    await session.dispose()
  })

  it('when the worker dies by itself', async () => {
    const program = compileModel(infer(denseNet), adamSpec)
    const script = fileURLToPath(new URL('../dist/worker.js', import.meta.url))
    const link = await startWorker('onnx', script, { program, outerUpdate: { kind: 'none' }, threads: 1 })
    // Parameters that no worker can make sense of: it answers with an error, and lives.
    await expect(link.ask({ kind: 'initialize', params: [] })).rejects.toThrow(/undefined/)
    await link.close()
    // A program whose graph is no graph: the worker cannot even begin.
    await expect(
      startWorker('onnx', script, {
        program: { ...program, train: { ...program.train, model: Uint8Array.of(1, 2, 3) } },
        outerUpdate: { kind: 'none' },
        threads: 1,
      }),
    ).rejects.toThrow('the onnxruntime worker has ended')
  })
})

describe('the engine says which model it cannot train', () => {
  it('when the last layer is no softmax', async () => {
    const model = makeModel('headless', [3], [dense(4), relu])
    expect(await compileError(model)).toBe(
      'Engine onnx cannot train headless, layer relu1: the last layer must be softmax, which the loss is fused with.',
    )
  })

  it('when the output is an image', async () => {
    expect(await compileError(makeModel('image', [3, 3, 2], [relu, softmax]))).toContain('must be flat')
  })

  it('when it has nothing to train', async () => {
    expect(await compileError(makeModel('empty', [3], [relu, softmax]))).toContain('no parameters')
  })

  it('and refuses options outside their rules', async () => {
    const options = { batchSize: 4, seed: 1 }
    await expect(makeSession(denseNet, { ...options, batchSize: 0 })).rejects.toThrow('batchSize: must be')
    await expect(makeSession(denseNet, { ...options, seed: 0.5 })).rejects.toThrow('seed: must be a safe')
    await expect(
      makeSession(denseNet, { outerUpdate: { kind: 'lookahead', slowStepSize: 0 } }),
    ).rejects.toThrow('slowStepSize: must be a number above 0')
    await expect(makeSession(denseNet, { innerOptimizer: { ...adamSpec, beta1: 1 } })).rejects.toThrow(
      'beta1 is 1',
    )
  })

  it('and refuses a number of threads that is none', () => {
    expect(() => makeOnnxEngine({ threads: 0 })).toThrow('threads: must be a positive integer, got 0')
  })
})
