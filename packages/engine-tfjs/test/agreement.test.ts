/** Tier B in Node: the first 20 losses on tfjs's backends are engine-onnx's. */

import { relativeError } from '@laperm/conformance/engine'
import { adamSpec, momentumSpec, sgdSpec } from '@laperm/core'
import type { Engine } from '@laperm/engine'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { nodeBackend } from '../../../test/devices/tensorflow.ts'
import { makeTensorFlowEngine } from '../src/tensorflow.ts'
import { makeWasmEngine } from '../src/wasm.ts'
import { comparedModels } from './compared-models.ts'
import { firstLosses } from './losses.ts'
import { onnxLosses } from './onnx-losses.ts'

const tensorflow = (await nodeBackend()) === undefined ? [] : (['node'] as const)

const make = async (name: 'wasm' | 'node'): Promise<Engine> => {
  const made = await (name === 'wasm' ? makeWasmEngine() : makeTensorFlowEngine())()
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  return made.right
}

describe.each(['wasm', ...tensorflow] as const)('engine %s', (name) => {
  // float32 sums in another order: the losses of 20 steps of Adam stay within 1e-4 of each other, which is what all engines promise.
  test.each(Object.keys(comparedModels))(
    'the first 20 losses of %s are those of engine-onnx',
    async (model) => {
      const losses = await firstLosses(await make(name), comparedModels[model])
      expect(relativeError(losses, await onnxLosses(model))).toBeLessThan(1e-4)
    },
  )

  test.each([
    ['SGD', { innerOptimizer: sgdSpec, outerUpdate: { kind: 'none' } }],
    [
      'Nesterov',
      {
        innerOptimizer: { ...momentumSpec, nesterov: true },
        outerUpdate: { kind: 'permute', roles: ['kernel'] },
      },
    ],
    [
      'Lookahead over Adam',
      { innerOptimizer: adamSpec, outerUpdate: { kind: 'lookahead', slowStepSize: 0.5 } },
    ],
  ] as const)('so are they with %s', async (_, options) => {
    const model = 'f2'
    const losses = await firstLosses(await make(name), comparedModels[model], options)
    expect(relativeError(losses, await onnxLosses(model, options))).toBeLessThan(1e-4)
  })
})
