import { checkEngine, renderEngineReport } from '@laperm/conformance/engine'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { makeWasmEngine } from '../src/wasm.ts'

test('the engine wasm keeps the laws of engines', async () => {
  const made = await makeWasmEngine()()
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  const report = await checkEngine(made.right)
  expect(renderEngineReport(report)).not.toContain('FAILED')
  expect(report.passed).toBe(true)
})
