/** What is said of a run whose last worker died, wherever it had come to. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDirectoryStore } from '@laperm/store'
import { describe, expect, test } from 'vitest'
import { createRun, listRuns, listStoredRuns, lockRun, removeRun } from '../src/index.ts'
import { identityOfSettings } from '../src/run-config.ts'
import { takeStoredRun } from '../src/store/open-mirror.ts'
import { failRun } from '../src/sweep/fail-run.ts'
import { findRuns, runJob } from '../src/sweep/index.ts'
import { experimentOf, makeDirectory, makeRun, must, settingsOf } from './fixture-runs.ts'

const experiment = experimentOf()
const settings = settingsOf(experiment)
const identity = identityOfSettings(settings)
const jobIn = (directory: string) =>
  runJob({
    identity,
    experiment,
    data: { dataDir: null, folder: null, acceptChecksum: false },
    directory,
  })

const stateIn = async (directory: string) => must(await findRuns(directory, [identity])()).get(identity)
const listed = async (directory: string) => {
  const runs = []
  for await (const run of must(await listRuns(directory)())) runs.push(run)
  return runs
}

describe('a run that died before it had a configuration', () => {
  test('has failed for the next sweep, and for lists', async () => {
    const parent = makeDirectory()
    expect(await failRun(jobIn(parent), 'its process died', null)).toBe(null)
    expect(await stateIn(parent)).toMatchObject({ status: 'failed', error: 'its process died' })
    expect(must(await findRuns(parent, ['0'.repeat(64)])()).size).toBe(0)
    expect(await listed(parent)).toMatchObject([
      { state: 'failed', problem: 'it failed before it had a config.json: its process died' },
    ])
  })

  test('is made in the same directory when it is tried again', async () => {
    const parent = makeDirectory()
    await failRun(jobIn(parent), 'its process died', null)
    const [name] = readdirSync(parent)
    const run = await makeRun(experiment, parent)
    expect(run.directory).toBe(join(parent, name))
    expect(await stateIn(parent)).toMatchObject({ status: 'interrupted' })
  })

  test('can be removed', async () => {
    const parent = makeDirectory()
    await failRun(jobIn(parent), 'its process died', null)
    const directory = join(parent, readdirSync(parent)[0])
    expect(must(await removeRun(directory)()).left).toEqual([])
    expect(existsSync(directory)).toBe(false)
  })
})

test('a run that somebody else holds is not marked, and that is said', async () => {
  const parent = makeDirectory()
  const run = await makeRun(experiment, parent)
  const lock = must(await lockRun(run.directory)())
  expect(await failRun(jobIn(parent), 'its process died', null)).toMatch(
    /process \d+ on .* is writing|process \d+ on/,
  )
  await lock.release()
  expect(await failRun(jobIn(parent), 'its process died', null)).toBe(null)
  expect(await stateIn(parent)).toMatchObject({ status: 'failed', error: 'its process died' })
})

test('a run that is kept in a store has failed there, too', async () => {
  const place = makeDirectory()
  const store = openDirectoryStore(place)
  const parent = makeDirectory()
  const made = must(await createRun(settings, { directory: null, parent })())
  if (made.kind === 'exists') throw new Error('it is new')
  const search = { directory: null, parent }
  const taken = must(await takeStoredRun({ store }, settings, search, null, () => undefined))
  must(await taken.mirror.close(made.run.directory, 0))
  await made.lock.release()
  const [before] = must(await listStoredRuns(store)())
  expect(before?.run.state).toBe('killed')
  expect(await failRun(jobIn(parent), 'its process died', store)).toBe(null)
  const [after] = must(await listStoredRuns(store)())
  expect(after?.run).toMatchObject({ state: 'failed', summary: { error: 'its process died' } })
})
