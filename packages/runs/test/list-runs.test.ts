import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Experiment } from '@laperm/train'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ListedRun, listRuns, type Run, runFiles } from '../src/index.ts'
import { experimentOf, makeDirectory, makeRun, must, trainInto } from './fixture-runs.ts'

/** Train a run below a directory; `stopAt` interrupts it after a step. */
const trainRun = async (
  parent: string,
  name: string,
  experiment: Experiment = experimentOf({ epochs: 2 }),
  stopAt = 0,
): Promise<Run> => {
  const run = await makeRun(experiment, parent, join(parent, name))
  await trainInto(run, { stopAt })
  return run
}

const listed = async (directory: string): Promise<readonly ListedRun[]> => {
  const runs: ListedRun[] = []
  for await (const run of must(await listRuns(directory)())) runs.push(run)
  return runs.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const only = async (directory: string): Promise<ListedRun> => {
  const runs = await listed(directory)
  expect(runs).toHaveLength(1)
  return runs[0]
}

/** A process that holds a run's lock. */
const startHolder = async (directory: string): Promise<ChildProcess> => {
  const program = fileURLToPath(new URL('lock-holder.mjs', import.meta.url))
  const holder = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void holder.kill('SIGKILL'))
  const lines = createInterface({ input: holder.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  holder.stdin.write('lock\n')
  expect((await lines.next()).value).toBe('held')
  return holder
}

describe('a run in a list', () => {
  test('has what its files say', async () => {
    const parent = makeDirectory()
    const run = await trainRun(parent, 'one')
    const { metrics } = runFiles
    const last = JSON.parse(readFileSync(join(run.directory, metrics), 'utf8').trim().split('\n')[1])
    expect(await only(parent)).toMatchObject({
      directory: run.directory,
      name: 'one',
      state: 'finished',
      holder: null,
      problem: null,
      config: { experiment: { model: 'f1', dataset: 'digits' } },
      epochsDone: 2,
      lastAccuracy: last.test.accuracy,
      createdAt: '2020-12-06T12:00:00.000Z',
    })
  })

  test('is found below other directories, and is one by itself', async () => {
    const parent = makeDirectory()
    mkdirSync(join(parent, 'sweep', 'group'), { recursive: true })
    const run = await trainRun(join(parent, 'sweep', 'group'), 'one')
    expect((await only(parent)).name).toBe(join('sweep', 'group', 'one'))
    expect((await only(run.directory)).name).toBe('one')
  })

  test('runs while a process holds its lock, and is killed once that was', async () => {
    const parent = makeDirectory()
    const run = await makeRun(experimentOf(), parent)
    const holder = await startHolder(run.directory)
    expect(await only(parent)).toMatchObject({ state: 'running', holder: { pid: holder.pid } })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await only(parent)).toMatchObject({ state: 'killed', holder: null, problem: null })
  })

  test('that was interrupted has the epochs and accuracies of its metrics', async () => {
    const parent = makeDirectory()
    const run = await trainRun(parent, 'one', experimentOf({ epochs: 4 }), 23)
    // What a kill leaves of a line.
    appendFileSync(join(run.directory, runFiles.metrics), '{"epoch":3,"st')
    const found = await only(parent)
    expect(found).toMatchObject({ state: 'interrupted', epochsDone: 2, problem: null })
    expect(found.bestAccuracy).toBeGreaterThan(0)
  })
})

describe('a damaged run is listed with the reason', () => {
  const damaged = async (damage: (run: Run) => void): Promise<ListedRun> => {
    const parent = makeDirectory()
    const run = await trainRun(parent, 'one', experimentOf({ epochs: 4 }), 23)
    damage(run)
    return only(parent)
  }
  const pathOf = ({ directory }: Run, file: keyof typeof runFiles) => join(directory, runFiles[file])

  test.each<readonly [string, (run: Run) => void, RegExp]>([
    ['half a config', (run) => truncateSync(pathOf(run, 'config'), 300), /^config.json: expected JSON with/],
    ['no config', (run) => rmSync(pathOf(run, 'config')), /^config.json is missing$/],
    [
      'a config of 5 MB',
      (run) => appendFileSync(pathOf(run, 'config'), ' '.repeat(5e6)),
      /^config.json has 500\d{4} bytes, but at most 4000000 are read$/,
    ],
    [
      'half a summary',
      (run) => truncateSync(pathOf(run, 'summary'), 50),
      /^summary.json: expected JSON, found/,
    ],
    [
      'a summary with a text as accuracy',
      (run) => writeFileSync(pathOf(run, 'summary'), '{"status":"\\u001b[2J"}'),
      /^summary.json: expected a valid status, found "\\\\?\S+/,
    ],
    [
      'metrics with a line that is none',
      (run) => writeFileSync(pathOf(run, 'metrics'), 'no\n'),
      /^metrics.jsonl is damaged in line 1$/,
    ],
    [
      'a device instead of a config',
      (run) => {
        rmSync(pathOf(run, 'config'))
        symlinkSync('/dev/zero', pathOf(run, 'config'))
      },
      /^config.json is no regular file$/,
    ],
    [
      'a link to itself instead of metrics',
      (run) => {
        rmSync(pathOf(run, 'metrics'))
        symlinkSync(pathOf(run, 'metrics'), pathOf(run, 'metrics'))
      },
      /^metrics.jsonl cannot be read: ELOOP/,
    ],
  ])('%s', async (_, damage, reason) => {
    const run = await damaged(damage)
    expect(run.state).toBe('damaged')
    expect(run.problem).toMatch(reason)
  })

  test('a finished one whose summary is gone, but not one that has only begun', async () => {
    const parent = makeDirectory()
    const run = await trainRun(parent, 'one')
    rmSync(pathOf(run, 'summary'))
    expect(await only(parent)).toMatchObject({ state: 'damaged', problem: 'summary.json is missing' })
    const other = makeDirectory()
    rmSync(pathOf(await makeRun(experimentOf(), other), 'summary'))
    expect(await only(other)).toMatchObject({ state: 'killed', problem: null })
  })
})

describe('what is no run', () => {
  test('is passed over: another program’s config, links in circles, files', async () => {
    const parent = makeDirectory()
    mkdirSync(join(parent, 'model'))
    writeFileSync(join(parent, 'model', 'config.json'), '{"architectures":["Bert"]}')
    symlinkSync(parent, join(parent, 'circle'))
    writeFileSync(join(parent, 'runs.txt'), '')
    expect(await listed(parent)).toEqual([])
  })

  test('is an error where it was named', async () => {
    const none = await listRuns(join(makeDirectory(), 'none'))()
    expect(none).toMatchObject({ _tag: 'Left', left: { reason: 'there is no such file' } })
  })

  test('runs that are removed while they are listed are left out', async () => {
    const parent = makeDirectory()
    for (let index = 0; index < 60; index++)
      await makeRun(experimentOf({ seed: index }), parent, join(parent, `${index}`))
    const runs: ListedRun[] = []
    for await (const run of must(await listRuns(parent, { concurrency: 8 })())) {
      // Also those that are being read at this moment.
      if (runs.length === 0)
        for (let index = 0; index < 60; index++) rmSync(join(parent, `${index}`), { recursive: true })
      runs.push(run)
    }
    expect(runs.length).toBeLessThan(10)
    expect(runs.map(({ problem }) => problem)).toEqual(runs.map(() => null))
  })
})
