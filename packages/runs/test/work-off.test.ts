import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeLocalQueue } from '@laperm/queue'
import { afterEach, expect, test, vi } from 'vitest'
import { readSummary } from '../src/read-summary.ts'
import { lockRun } from '../src/run-lock.ts'
import { summaryText } from '../src/summary-file.ts'
import {
  groupRuns,
  type PlannedRun,
  parseRunJob,
  planSweep,
  type RunJob,
  runJob,
  samplesOf,
  startWorker,
  type WorkEvent,
  type WorkerProcess,
  workOff,
} from '../src/sweep/index.ts'
import { experimentOf, makeDirectory, must } from './fixture-runs.ts'

// Processes that load an engine, perhaps on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const started: WorkerProcess[] = []
const newWorker = (): WorkerProcess => {
  const worker = startWorker(new URL('./sweep-worker.mjs', import.meta.url), [])
  started.push(worker)
  return worker
}
afterEach(async () => {
  for (const worker of started) worker.kill()
  await Promise.all(started.splice(0).map(({ ended }) => ended))
})

const source = { dataDir: null, folder: null, acceptChecksum: false }

/** Runs of some seeds, planned by a worker that stays. */
const plan = async (seeds: readonly number[], epochs: number) => {
  const worker = newWorker()
  const expanded = {
    name: 'seeds',
    fields: ['seed'],
    runs: seeds.map((seed) => ({
      experiment: experimentOf({ seed, epochs }),
      source,
      choice: [String(seed)],
    })),
  }
  const groups = groupRuns(expanded)
  const surveys = await worker.survey(samplesOf(groups))
  if ('kind' in surveys) throw new Error(surveys.reason)
  return { worker, groups, runs: must(planSweep(expanded, groups, surveys)).runs }
}

const jobsIn = (directory: string, runs: readonly PlannedRun[]): readonly RunJob[] =>
  runs.map(({ identity, experiment }) => runJob({ identity, experiment, data: source, directory }))

const usual = {
  startWorker: newWorker,
  mostWorkers: 1,
  fitsMemory: false,
  endsWhenEmpty: true,
  checkpointEveryMs: 0,
  retryFailed: false,
  commandLine: null,
}

test('one worker takes run after run, and runs of one network share a group', async () => {
  const directory = makeDirectory()
  const { worker, groups, runs } = await plan([1, 2, 3], 1)
  expect(groups).toHaveLength(1)
  const queue = makeLocalQueue<RunJob>({ parseJob: parseRunJob })
  must(await queue.add(jobsIn(directory, runs))())
  const events: WorkEvent[] = []
  must(
    await workOff(queue, {
      ...usual,
      ready: [worker],
      signal: new AbortController().signal,
      observe: (event) => events.push(event),
    }),
  )
  expect(started).toHaveLength(1)
  expect(events.flatMap((event) => (event.kind === 'ended' ? [event.end.kind] : []))).toEqual([
    'finished',
    'finished',
    'finished',
  ])
  expect(must(await queue.counts())).toEqual({ waiting: 0, active: 0, finished: 3, failed: 0 })
})

test('a worker that falls silent loses its job, which another takes up from the checkpoint', async () => {
  const directory = makeDirectory()
  const { worker, runs } = await plan([1], 40)
  const queue = makeLocalQueue<RunJob>({ parseJob: parseRunJob, leaseMs: 10_000 })
  must(await queue.add(jobsIn(directory, runs))())
  const events: WorkEvent[] = []
  must(
    await workOff(queue, {
      ...usual,
      ready: [worker],
      signal: new AbortController().signal,
      observe: (event) => {
        events.push(event)
        const isFirst = events.filter(({ kind }) => kind === 'progress').length === 1
        if (event.kind === 'progress' && isFirst) process.kill(worker.pid ?? 0, 'SIGSTOP')
      },
    }),
  )
  const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'progress')
  expect(kinds).toEqual(['began', 'crashed', 'began', 'ended'])
  const [last] = events.slice(-1)
  if (last?.kind !== 'ended' || last.end.kind !== 'finished') throw new Error(JSON.stringify(last))
  expect(last.end.summary.steps).toBe(400)
  const lines = readFileSync(join(last.end.summary.runDirectory, 'metrics.jsonl'), 'utf8').trim().split('\n')
  expect(lines).toHaveLength(40)
})

test('a run that another process trains is left to it', async () => {
  const directory = makeDirectory()
  const { worker, runs } = await plan([1], 1)
  const jobs = jobsIn(directory, runs)
  const once = makeLocalQueue<RunJob>()
  must(await once.add(jobs)())
  const abort = new AbortController()
  const options = { ...usual, ready: [worker], signal: abort.signal, observe: () => undefined }
  must(await workOff(once, options))
  const path = join(directory, readdirSync(directory)[0])
  const summary = await readSummary({ directory: path })
  if (summary === null) throw new Error('it has a summary')
  writeFileSync(join(path, 'summary.json'), summaryText({ ...summary, status: 'interrupted' }))
  const lock = must(await lockRun(path)())

  const queue = makeLocalQueue<RunJob>()
  must(await queue.add(jobs)())
  const events: WorkEvent[] = []
  must(
    await workOff(queue, {
      ...options,
      ready: [],
      busyMs: 50,
      observe: (event) => events.push(event),
    }),
  )
  await lock.release()
  const [last] = events.slice(-1)
  if (last?.kind !== 'ended' || last.end.kind !== 'busy') throw new Error(JSON.stringify(last))
  expect(last.end.message).toContain(`"reason":"process ${process.pid} on `)
})

test('a job of other versions is refused by the worker that takes it', async () => {
  const directory = makeDirectory()
  const { worker, runs } = await plan([1], 1)
  const queue = makeLocalQueue<RunJob>({ parseJob: parseRunJob })
  const [job] = jobsIn(directory, runs)
  const foreign = { ...job, identity: 'f'.repeat(64) }
  must(await queue.add([foreign])())
  const events: WorkEvent[] = []
  must(
    await workOff(queue, {
      ...usual,
      ready: [worker],
      signal: new AbortController().signal,
      observe: (event) => events.push(event),
    }),
  )
  expect(events.at(-1)).toMatchObject({
    kind: 'ended',
    end: { kind: 'failed', message: expect.stringContaining('other versions, threads or data') },
  })
  expect(must(await queue.stateOf(foreign.identity)())?.kind).toBe('failed')
  expect(parseRunJob({ ...job, format: 'laperm-job/0' })).toMatchObject({ _tag: 'Left' })
  expect(parseRunJob({ ...job, experiment: { ...job.experiment, seed: -1 } })).toMatchObject({
    _tag: 'Left',
    left: expect.stringContaining('seed is -1'),
  })
  expect(must(parseRunJob(JSON.parse(JSON.stringify(job))))).toEqual(job)
})
