/**
 * What the browser test's page runs: the built package, bundled as an application would bundle it.
 */

import { makeWasmBackend } from '@laperm/backend-wasm'
import { makeWasmPool } from '@laperm/backend-wasm/pool'
import { checkBackend, parseGoldenCases, renderReport } from '@laperm/conformance'
import { syncInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'

const laws = async (golden: unknown) => {
  const made = await makeWasmBackend()()
  const cases = parseGoldenCases(golden)
  if (E.isLeft(made)) throw new Error(made.left.reason)
  if (E.isLeft(cases)) throw new Error(cases.left.where)
  const report = await checkBackend(made.right, { seed: 11, golden: cases.right, randomTrials: 50 })
  return { passed: report.passed, cases: report.cases, text: renderReport(report) }
}

/** A pool of two threads against core, on matrices that both work on. */
const pool = async () => {
  const made = await makeWasmPool({ threads: 2 })()
  if (E.isLeft(made)) throw new Error(made.left.reason)
  const pool = made.right
  const wrong: string[] = []
  for (const [length, count] of [
    [27, 64],
    [800, 130],
    [1152, 33],
  ]) {
    const size = length * count
    const [sorted, w] = pool.allocate([size, size], length).map((values, seed) => {
      for (let p = 0; p < size; p++) values[p] = Math.sin(p * 12.9898 + seed)
      return { values, length, count }
    })
    const expected = new Float32Array(length * count)
    syncInto(sorted, w, expected)
    await pool.syncInto(sorted, w, w.values)
    if (!w.values.every((value, p) => value === expected[p])) wrong.push(`${length} x ${count}`)
  }
  await pool.close()
  return { threads: pool.threads, note: pool.note, wrong }
}

Object.assign(globalThis, { laperm: { laws, pool } })
