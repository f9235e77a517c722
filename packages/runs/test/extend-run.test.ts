import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ExperimentSettings } from '@laperm/train'
import { taskEither as TE } from 'fp-ts'
import { expect, test } from 'vitest'
import { type ExecutionEvent, executeRun, type Run, readEnvironment, runFiles } from '../src/index.ts'
import { engineOfTests, experimentOf, makeDirectory, must, smallDigits } from './fixture-runs.ts'

const execute = async (
  parent: string,
  settings: Partial<ExperimentSettings>,
  keepState: boolean,
  threads = '1',
): Promise<{ readonly run: Run; readonly events: readonly ExecutionEvent[] }> => {
  const engine = await engineOfTests()
  const events: ExecutionEvent[] = []
  const { run, kind } = must(
    await executeRun(experimentOf({ model: 'mlp', ...settings }), {
      directory: null,
      parent,
      source: { dataDir: null, folder: null, acceptChecksum: false },
      loadEngine: () => TE.right(engine),
      loadData: () => TE.right(smallDigits),
      environmentOf: async () => {
        const environment = await readEnvironment(engine)
        return { ...environment, bits: { ...environment.bits, threads } }
      },
      report: (event) => events.push(event),
      keepState,
    })(),
  )
  expect(kind).toBe('trained')
  return { run, events }
}

const how = (events: readonly ExecutionEvent[]) =>
  events.flatMap((event) => (event.kind === 'started' ? [[event.how, event.step]] : []))[0]
const warnings = (events: readonly ExecutionEvent[]) =>
  events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))

const expectSameResults = (one: Run, other: Run): void => {
  for (const file of ['metrics', 'last', 'best'] as const)
    expect(readFileSync(join(one.directory, runFiles[file])), file).toEqual(
      readFileSync(join(other.directory, runFiles[file])),
    )
}

// An epoch has 10 steps: k = 5 synchronizes at its end anyway; alone, an inner optimizer never does.
test.each<Partial<ExperimentSettings>>([{}, { optimizer: 'adam', outer: { kind: 'none' } }])(
  'two epochs extended to three are three from the start, bit for bit (%j)',
  async (settings) => {
    const parent = makeDirectory()
    await execute(parent, { ...settings, epochs: 1 }, true)
    const short = await execute(parent, { ...settings, epochs: 2 }, true)
    expect(how(short.events)).toEqual(['extended', 10])
    const extended = await execute(parent, { ...settings, epochs: 3 }, false)
    expect(how(extended.events)).toEqual(['extended', 20])
    const whole = await execute(makeDirectory(), { ...settings, epochs: 3 }, false)
    expect(how(whole.events)).toEqual(['new', 0])
    expect(basename(extended.run.directory)).toBe(basename(whole.run.directory))
    expectSameResults(extended.run, whole.run)
  },
)

test('a run that kept no state, or was synchronized only because it ended, is not extended, and that is said', async () => {
  for (const [k, keepState, reason] of [
    [
      5,
      false,
      /trained 2 of these epochs, but kept no state at its end, as --keep-state does; this run trains from the start/,
    ],
    [7, true, /but synchronized at its end only because it ended/],
  ] as const) {
    const parent = makeDirectory()
    const outer = { syncPeriod: { kind: 'constant', period: k } } as const
    await execute(parent, { outer, epochs: 2 }, keepState)
    const longer = await execute(parent, { outer, epochs: 3 }, false)
    expect(how(longer.events)).toEqual(['new', 0])
    expect(warnings(longer.events).join()).toMatch(reason)
    const whole = await execute(makeDirectory(), { outer, epochs: 3 }, false)
    expectSameResults(longer.run, whole.run)
  }
})

test('a run that differs in something else is not extended', async () => {
  const parent = makeDirectory()
  await execute(parent, { epochs: 2, batchSize: 25 }, true)
  const longer = await execute(parent, { epochs: 3 }, false)
  expect(how(longer.events)).toEqual(['new', 0])
  expect(warnings(longer.events)).toEqual([])
})

test('a run that only other threads keep apart is named, with how to take it', async () => {
  const parent = makeDirectory()
  const { run } = await execute(parent, { epochs: 2 }, true, '1')
  const said = (events: readonly ExecutionEvent[]): string =>
    warnings(events).join('\n').replaceAll(run.directory, 'RUN')
  const same = await execute(parent, { epochs: 2 }, false, '2')
  expect(how(same.events)).toEqual(['new', 0])
  expect(said(same.events)).toBe(
    'RUN is the same experiment, with threads 1, not 2: the last bits depend on that, so this is another run, which trains from the start; --threads 1 takes that one',
  )
  const longer = await execute(parent, { epochs: 3 }, false, '3')
  expect(how(longer.events)).toEqual(['new', 0])
  expect(said(longer.events)).toMatch(
    / has 2 of these 3 epochs, with threads \d, not 3: .*; --threads \d takes/,
  )
  // Other settings are other runs anyway.
  expect(warnings((await execute(parent, { epochs: 2, seed: 2 }, false, '2')).events)).toEqual([])
})
