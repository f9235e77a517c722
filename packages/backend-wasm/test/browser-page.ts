/**
 * What the browser test's page runs: the built package, bundled as an application would bundle it.
 */

import { makeWasmBackend } from '@laperm/backend-wasm'
import { checkBackend, parseGoldenCases, renderReport } from '@laperm/conformance'
import { either as E } from 'fp-ts'

const laws = async (golden: unknown) => {
  const made = await makeWasmBackend()()
  const cases = parseGoldenCases(golden)
  if (E.isLeft(made)) throw new Error(made.left.reason)
  if (E.isLeft(cases)) throw new Error(cases.left.where)
  const report = await checkBackend(made.right, { seed: 11, golden: cases.right, randomTrials: 50 })
  return { passed: report.passed, cases: report.cases, text: renderReport(report) }
}

Object.assign(globalThis, { laperm: { laws } })
