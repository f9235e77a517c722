import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExperimentSettings } from '@laperm/train'
import { taskEither as TE } from 'fp-ts'
import { expect, test } from 'vitest'
import { type ExecutionEvent, executeRun, inspectRun, type Run, runFiles, tidyRows } from '../src/index.ts'
import { engineOfTests, experimentOf, makeDirectory, must, smallDigits } from './fixture-runs.ts'

const measuring = {
  rankingDistance: { parameters: ['dense1'], every: { kind: 'steps', count: 7 } },
} as const

/** Execute an experiment below a directory; `stopAt` interrupts it after a step. */
const execute = async (
  parent: string,
  settings: Partial<ExperimentSettings>,
  { stopAt = 0, keepState = false }: { readonly stopAt?: number; readonly keepState?: boolean } = {},
) => {
  const engine = await engineOfTests()
  const events: ExecutionEvent[] = []
  const abort = new AbortController()
  const { run, kind } = must(
    await executeRun(experimentOf(settings), {
      directory: null,
      parent,
      source: { dataDir: null, folder: null, acceptChecksum: false },
      loadEngine: () => TE.right(engine),
      loadData: () => TE.right(smallDigits),
      report: (event) => events.push(event),
      observe: (event) => {
        if (event.kind === 'step' && event.step === stopAt) abort.abort()
      },
      signal: abort.signal,
      keepState,
    })(),
  )
  const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
  const how = events.flatMap((event) => (event.kind === 'started' ? [event.how] : []))[0]
  return { run, kind, warnings, how }
}

const metricsOf = ({ directory }: Run): string => readFileSync(join(directory, runFiles.metrics), 'utf8')

test('a run that was interrupted records the same bytes as one left alone, whatever is asked for when it goes on', async () => {
  const whole = await execute(makeDirectory(), measuring)
  const parent = makeDirectory()
  // Step 13: the last measurement was at 7, the next will be at 14.
  const first = await execute(parent, measuring, { stopAt: 13 })
  const second = await execute(parent, {})
  expect(second.how).toBe('resumed')
  expect(second.run.directory).toBe(first.run.directory)
  expect(second.warnings).toEqual([
    expect.stringMatching(
      /records the ranking distance of dense1\/kernel every 7 steps, not no ranking distance/,
    ),
  ])
  expect(metricsOf(second.run)).toBe(metricsOf(whole.run))
  expect(metricsOf(whole.run).match(/"step":(7|14),"parameter":"dense1\/kernel"/g)).toHaveLength(2)
})

test('a finished run that did not record it is shown, and that is said', async () => {
  const parent = makeDirectory()
  await execute(parent, {})
  const again = await execute(parent, measuring)
  expect(again.kind).toBe('alreadyFinished')
  expect(again.warnings[0]).toMatch(/records no ranking distance, not .*; --again trains it anew$/)
})

test('a run that records it is not extended from one that did not', async () => {
  const parent = makeDirectory()
  await execute(parent, { epochs: 1 }, { keepState: true })
  expect((await execute(parent, { ...measuring, epochs: 2 }, { keepState: true })).how).toBe('new')
  expect((await execute(parent, { ...measuring, epochs: 3 })).how).toBe('extended')
})

test('tidy rows have its means over an epoch', async () => {
  const { run } = await execute(makeDirectory(), {
    rankingDistance: { parameters: ['dense1'], every: { kind: 'steps', count: 5 } },
  })
  const rows = must(await tidyRows(must(await inspectRun(run.directory)())))
  const [first] = metricsOf(run).split('\n')
  const measured: readonly { readonly mean: number }[] = JSON.parse(first).rankingDistance
  expect(measured).toHaveLength(2)
  expect(rows[0]['rankingDistance.dense1/kernel.mean']).toBeCloseTo(
    (measured[0].mean + measured[1].mean) / 2,
    12,
  )
})
