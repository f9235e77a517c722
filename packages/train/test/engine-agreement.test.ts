import { makeOnnxEngine } from '@laperm/engine-onnx'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { makeDenseEngine } from './dense-engine.ts'
import { eventsOf, experimentOf, runOf } from './fixture-runs.ts'

// 20 steps with synchronizations every 5: forward, backward, the inner optimizer, L2 and the permutation all take part.
test.each([
  [
    'f2',
    'laperm',
    { kind: 'perKernel', fractions: [14 / 15, 6 / 7, 2 / 3] },
    { kind: 'sharedValue', value: 0.03 },
  ],
  ['mlp', 'laperm', { kind: 'none' }, { kind: 'heUniform' }],
  ['mlp', 'sgd', { kind: 'none' }, { kind: 'glorotNormal' }],
  ['mlp', 'lookahead', { kind: 'uniform', fraction: 0.5 }, { kind: 'heNormal' }],
] as const)(
  'the first 20 losses of %s with %s are those of an independent engine',
  async (model, optimizer, sparsity, initializer) => {
    const experiment = experimentOf({
      model,
      optimizer,
      sparsity,
      initializer,
      threads: 1,
    })
    const onnx = await makeOnnxEngine()()
    if (E.isLeft(onnx)) throw new Error(JSON.stringify(onnx.left))
    const lossesOf = async (engine: Parameters<typeof runOf>[2]) =>
      eventsOf((await runOf(experiment, {}, engine)).events, 'step').map(({ loss }) => loss)
    const actual = await lossesOf(onnx.right)
    const expected = await lossesOf(makeDenseEngine())
    expect(actual.length).toBe(20)
    const worst = Math.max(...actual.map((loss, i) => Math.abs(loss - expected[i]) / expected[i]))
    expect(worst).toBeLessThan(1e-4)
  },
)
