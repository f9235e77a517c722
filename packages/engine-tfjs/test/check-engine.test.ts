import { checkEngine, makeBatch, renderEngineReport, type TornStep } from '@laperm/conformance/engine'
import { type Engine, renderEngineError } from '@laperm/engine'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { reportMissing } from '../../../test/devices/required.ts'
import { makeTfjsEngine } from '../src/index.ts'
import { makeTensorOptimizer } from '../src/inner-update.ts'
import { makeTensorFlowEngine } from '../src/tensorflow.ts'
import { makeWasmEngine } from '../src/wasm.ts'

/** The engine wasm, and a step of it that fails when its first parameter has been written. */
const makeTearableEngine = async () => {
  const wasm = await makeWasmEngine()()
  if (E.isLeft(wasm)) throw new Error(renderEngineError(wasm.left))
  let tears = false
  const made = await makeTfjsEngine({
    name: 'wasm',
    makeOptimizer: (spec) => {
      const optimizer = makeTensorOptimizer(spec)
      return {
        ...optimizer,
        atStep: (learningRate, step) => {
          const update = optimizer.atStep(learningRate, step)
          let updates = 0
          return (...parameter) => {
            if (tears && ++updates === 2) throw new Error('the device refused a command')
            return update(...parameter)
          }
        },
      }
    },
  })()
  if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
  const tornStep: TornStep = {
    tear: (session) => async () => {
      tears = true
      try {
        return await session.trainStep(makeBatch(session.inferred, 8, 2), 1e-3, 2)()
      } finally {
        tears = false
      }
    },
  }
  return { engine: made.right, tornStep }
}

test('the engine wasm keeps the laws of engines, that of torn states too', async () => {
  const { engine, tornStep } = await makeTearableEngine()
  const report = await checkEngine(engine, { tornStep })
  expect(renderEngineReport(report)).not.toContain('FAILED')
  expect(report.passed).toBe(true)
  expect(report.leftOut).toEqual([])
})

// TensorFlow's start-up notes would drown the report.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
const node = await makeTensorFlowEngine()()
if (E.isLeft(node)) reportMissing('tensorflow', renderEngineError(node.left))

describe.skipIf(E.isLeft(node))("on TensorFlow's own runtime", () => {
  test('the engine node keeps the laws of engines', async () => {
    const engine: Engine = E.isRight(node) ? node.right : (undefined as never)
    const report = await checkEngine(engine)
    expect(renderEngineReport(report)).not.toContain('FAILED')
    expect(report.passed).toBe(true)
  })
})
