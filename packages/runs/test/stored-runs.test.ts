import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ObjectStore, openDirectoryStore, storeAway } from '@laperm/store'
import type { TrainEvent } from '@laperm/train'
import { either as E, taskEither as TE } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  type ExecuteRunError,
  type ExecuteRunResult,
  type ExecutionEvent,
  executeRun,
  listRuns,
  pullRuns,
  type StoredRuns,
} from '../src/index.ts'
import { engineOfTests, experimentOf, makeDirectory, must, smallDigits } from './fixture-runs.ts'

const experiment = experimentOf()

interface Given {
  readonly stored?: StoredRuns
  readonly stopAt?: number
  readonly observe?: (event: TrainEvent) => void | Promise<void>
  readonly again?: boolean
}

/** Execute the run on a machine of its own, which is its directory; `stopAt` interrupts it after a step. */
const tryOn = async (
  machine: string,
  { stored, stopAt = 0, observe, again }: Given,
): Promise<{
  readonly result: E.Either<ExecuteRunError, ExecuteRunResult>
  readonly events: readonly ExecutionEvent[]
}> => {
  const abort = new AbortController()
  const engine = await engineOfTests()
  const events: ExecutionEvent[] = []
  const result = await executeRun<never>(experiment, {
    directory: null,
    parent: machine,
    source: { dataDir: null, folder: null, acceptChecksum: false },
    loadEngine: () => TE.right(engine),
    loadData: () => TE.right(smallDigits),
    checkpointEveryMs: 0,
    signal: abort.signal,
    stored,
    again,
    report: (event) => events.push(event),
    observe: (event) => {
      const waits = observe?.(event)
      if (event.kind === 'step' && event.step === stopAt) abort.abort()
      return waits
    },
  })()
  return { result, events }
}

const executeOn = async (machine: string, given: Given): Promise<ExecuteRunResult> =>
  must((await tryOn(machine, given)).result)

/** Execute the run as soon as the claim of the machine that holds it is over. */
const executeOnceFree = async (machine: string, given: Given): Promise<ExecuteRunResult> => {
  const { result } = await tryOn(machine, given)
  if (E.isRight(result) || !('isHeld' in result.left) || !result.left.isHeld) return must(result)
  await new Promise((resolve) => setTimeout(resolve, 100))
  return executeOnceFree(machine, given)
}

const startedHow = (events: readonly ExecutionEvent[]) =>
  events.flatMap((event) => (event.kind === 'started' ? [{ how: event.how, step: event.step }] : []))

const outcomeOf = ({ run }: ExecuteRunResult) => ({
  last: readFileSync(join(run.directory, 'last.safetensors')),
  metrics: readFileSync(join(run.directory, 'metrics.jsonl'), 'utf8'),
})

/** The run that nobody disturbed. */
const undisturbed = async () => outcomeOf(await executeOn(makeDirectory(), {}))

const problemOf = ({ result }: Awaited<ReturnType<typeof tryOn>>): string =>
  E.isLeft(result) ? JSON.stringify(result.left) : `executed: ${result.right.kind}`

const filesOf = (place: string): readonly string[] => {
  const [run] = readdirSync(place)
  return readdirSync(join(place, run)).sort()
}

describe('a run that is kept in a store', () => {
  test('goes on on another machine, to the same bits', async () => {
    const place = makeDirectory()
    const stored = { store: openDirectoryStore(place) }
    const first = await executeOn(makeDirectory(), { stored, stopAt: 13 })
    expect(first.summary.status).toBe('interrupted')
    expect(filesOf(place)).toContain('checkpoint.safetensors')
    const second = await tryOn(makeDirectory(), { stored })
    expect(startedHow(second.events)).toEqual([{ how: 'resumed', step: 13 }])
    const finished = must(second.result)
    expect(finished.summary.status).toBe('finished')
    expect(outcomeOf(finished)).toEqual(await undisturbed())
    expect(filesOf(place)).toEqual([
      'best.safetensors',
      'claim.json',
      'config.json',
      'last.safetensors',
      'metrics.jsonl',
      'summary.json',
    ])
  })

  test('is shown on every machine when it has finished', async () => {
    const stored = { store: openDirectoryStore(makeDirectory()) }
    const machine = makeDirectory()
    const finished = await executeOn(machine, { stored })
    const shown = await executeOn(makeDirectory(), { stored })
    expect(shown.kind).toBe('alreadyFinished')
    expect(outcomeOf(shown)).toEqual(outcomeOf(finished))
    expect((await executeOn(machine, { stored })).kind).toBe('alreadyFinished')
  })

  test('comes into the store later when it was trained without it', async () => {
    const machine = makeDirectory()
    const finished = await executeOn(machine, {})
    const stored = { store: openDirectoryStore(makeDirectory()) }
    expect((await executeOn(machine, { stored })).kind).toBe('alreadyFinished')
    expect(outcomeOf(await executeOn(makeDirectory(), { stored }))).toEqual(outcomeOf(finished))
  })

  test('goes on from here where here is further', async () => {
    const machine = makeDirectory()
    const stored = { store: openDirectoryStore(makeDirectory()) }
    await executeOn(machine, { stored, stopAt: 6 })
    await executeOn(machine, { stopAt: 14 })
    expect(startedHow((await tryOn(machine, { stored })).events)).toEqual([{ how: 'resumed', step: 14 }])
  })

  test('has one writer: a second machine is told who trains it', async () => {
    const stored = { store: openDirectoryStore(makeDirectory()) }
    let second: Promise<string> | undefined
    const first = await executeOn(makeDirectory(), {
      stored,
      observe: (event) => {
        if (event.kind === 'step' && event.step === 3)
          second = tryOn(makeDirectory(), { stored }).then(problemOf)
      },
    })
    expect(first.summary.status).toBe('finished')
    expect(await second).toMatch(/process \d+ on .* has been training this run since/)
  })

  test('is lost to the machine that takes it over, which alone writes on', async () => {
    const place = makeDirectory()
    const store = openDirectoryStore(place)
    // The first machine's store answers nothing any more from a step on, as if its network were cut.
    let isCut = false
    const away = async () => E.left(storeAway(place, 'it does not answer', 'Look at the network.'))
    const cut: ObjectStore = {
      ...store,
      read: (name, most) => (isCut ? away : store.read(name, most)),
      write: (name, bytes, condition) => (isCut ? away : store.write(name, bytes, condition)),
      upload: (name, path) => (isCut ? away : store.upload(name, path)),
    }
    let other: Promise<ExecuteRunResult> | undefined
    const first = await tryOn(makeDirectory(), {
      stored: { store: cut, leaseMs: 300, patienceMs: 0 },
      observe: async (event) => {
        if (event.kind !== 'step') return
        isCut ||= event.step === 8
        if (event.step === 8) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600)
        // A write that was on its way when the store was cut may have renewed the claim.
        if (event.step === 9)
          await new Promise<void>((resolve, reject) => {
            other = executeOnceFree(makeDirectory(), {
              stored: { store, leaseMs: 300 },
              observe: ({ kind }) => {
                if (kind === 'step') resolve()
              },
            })
            other.catch(reject)
          })
        if (event.step === 12) isCut = false
      },
    })
    const finished = await (other as Promise<ExecuteRunResult>)
    expect(finished.summary.status).toBe('finished')
    expect(problemOf(first)).toContain('another process writes into this run now')
    expect(outcomeOf(finished)).toEqual(await undisturbed())
    const shown = await executeOn(makeDirectory(), { stored: { store } })
    expect(outcomeOf(shown)).toEqual(outcomeOf(finished))
  })

  test('trains on while the store is away, and is stored when it is back', async () => {
    const store = openDirectoryStore(makeDirectory())
    let isAway = false
    const away = async () => E.left(storeAway('the store', 'it does not answer', 'Look at the network.'))
    const flaky: ObjectStore = {
      ...store,
      write: (name, bytes, condition) => (isAway ? away : store.write(name, bytes, condition)),
      upload: (name, path) => (isAway ? away : store.upload(name, path)),
    }
    const { result, events } = await tryOn(makeDirectory(), {
      stored: { store: flaky },
      observe: (event) => {
        if (event.kind === 'step') isAway = event.step >= 4 && event.step < 19
      },
    })
    expect(must(result).summary.status).toBe('finished')
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
    expect(warnings).toEqual([
      'the store: it does not answer. Look at the network. The run goes on here, and is stored again when that is possible.',
    ])
    expect(outcomeOf(await executeOn(makeDirectory(), { stored: { store } }))).toEqual(await undisturbed())
  })

  test('is whole here when the store stays away, and the error says how it gets there', async () => {
    const store = openDirectoryStore(makeDirectory())
    let isAway = false
    const away = async () => E.left(storeAway('the store', 'it does not answer', 'Look at the network.'))
    const dying: ObjectStore = {
      ...store,
      write: (name, bytes, condition) => (isAway ? away : store.write(name, bytes, condition)),
      upload: (name, path) => (isAway ? away : store.upload(name, path)),
    }
    const machine = makeDirectory()
    const tried = await tryOn(machine, {
      stored: { store: dying, patienceMs: 0, leaseMs: 200 },
      observe: (event) => {
        if (event.kind === 'step' && event.step === 4) isAway = true
      },
    })
    expect(problemOf(tried)).toMatch(
      /it does not answer.*is whole in .*given again, brings it into the store/,
    )
    isAway = false
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await executeOn(machine, { stored: { store } })).kind).toBe('alreadyFinished')
    expect(outcomeOf(await executeOn(makeDirectory(), { stored: { store } }))).toEqual(await undisturbed())
  })

  test('is refused where its checkpoint in the store is damaged, with its place and what to do', async () => {
    const place = makeDirectory()
    const stored = { store: openDirectoryStore(place) }
    await executeOn(makeDirectory(), { stored, stopAt: 13 })
    const [run] = readdirSync(place)
    const checkpoint = join(place, run, 'checkpoint.safetensors')
    truncateSync(checkpoint, 1000)
    const machine = makeDirectory()
    const problem = problemOf(await tryOn(machine, { stored }))
    expect(problem).toContain(`${run}/checkpoint.safetensors`)
    expect(problem).toContain('Remove it from the store')
    await stored.store.remove(`${run}/checkpoint.safetensors`)()
    const started = await tryOn(machine, { stored })
    expect(startedHow(started.events)).toEqual([{ how: 'restarted', step: 0 }])
    expect(outcomeOf(must(started.result))).toEqual(await undisturbed())
  })

  test("another run's config in its place is refused", async () => {
    const place = makeDirectory()
    const stored = { store: openDirectoryStore(place) }
    await executeOn(makeDirectory(), { stored, stopAt: 13 })
    const [run] = readdirSync(place)
    const path = join(place, run, 'config.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed": 1', '"seed": 2'))
    expect(problemOf(await tryOn(makeDirectory(), { stored }))).toContain('the file was edited')
  })

  test('is not trained anew beside the one that is stored', async () => {
    const stored = { store: openDirectoryStore(makeDirectory()) }
    expect(problemOf(await tryOn(makeDirectory(), { stored, again: true }))).toContain('keeps a run once')
  })

  test('is pulled whole or as a record, and shown as alive while somebody trains it', async () => {
    const store = openDirectoryStore(makeDirectory())
    const states: string[] = []
    let looking: Promise<void> | undefined
    const look = async (): Promise<void> => {
      const folder = makeDirectory()
      must(await pullRuns(store, folder, { extent: 'record', showHolders: true })())
      for await (const run of must(await listRuns(folder)())) states.push(run.state)
    }
    await executeOn(makeDirectory(), {
      stored: { store },
      observe: (event) => {
        if (event.kind === 'step' && event.step === 15) looking = look()
      },
    })
    await looking
    await look()
    expect(states).toEqual(['running', 'finished'])
    const folder = makeDirectory()
    const [record] = must(await pullRuns(store, folder, { extent: 'record' })())
    if (record.result.kind !== 'fetched') throw new Error(JSON.stringify(record.result))
    const { directory } = record.result
    expect(existsSync(join(directory, 'last.safetensors'))).toBe(false)
    const [whole] = must(await pullRuns(store, folder, { extent: 'whole' })())
    expect(whole.result).toEqual({ kind: 'fetched', directory })
    expect(readFileSync(join(directory, 'last.safetensors'))).toEqual((await undisturbed()).last)
    const [again] = must(await pullRuns(store, folder, { extent: 'whole' })())
    expect(again.result.kind).toBe('kept')
  })
})
