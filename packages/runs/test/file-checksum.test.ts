/** What a run that is over says of its files, and how readers hold them against it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDirectoryStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  inspectRun,
  isUnchecked,
  pullRuns,
  type Run,
  readMetrics,
  readSummary,
  readWeights,
  renderRunError,
  runFiles,
  runName,
  unfittingFiles,
} from '../src/index.ts'
import { makeDirectory, makeRun, must, tinyExperimentOf, trainInto } from './fixture-runs.ts'

const finishedRun = async (seed = 1): Promise<Run> => {
  const run = await makeRun(tinyExperimentOf({ seed }), makeDirectory())
  await trainInto(run, { keepWeights: 2 })
  return run
}
const pathOf = ({ directory }: Run, file: keyof typeof runFiles): string => join(directory, runFiles[file])

/** Put another text in place of one that is there once. */
const edit = (path: string, from: RegExp, to: string): void => {
  const text = readFileSync(path, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(path, text.replace(from, to))
}

/** What a run that an earlier LaPerm made has in its place. */
const withoutChecks = (run: Run): void => {
  const { check: _check, files: _files, ...rest } = JSON.parse(readFileSync(pathOf(run, 'summary'), 'utf8'))
  writeFileSync(pathOf(run, 'summary'), JSON.stringify(rest, null, 2))
}

test('a run that is over says what its files are, as sha256sum does', async () => {
  const run = await finishedRun()
  const files = (await readSummary(run))?.files ?? {}
  const names = ['best.safetensors', 'epoch-2.safetensors', 'last.safetensors', 'metrics.jsonl']
  expect(Object.keys(files)).toEqual(names)
  const printed = execFileSync('sha256sum', names, { cwd: run.directory, encoding: 'utf8' })
  expect(names.map((name) => `${files[name].sha256}  ${name}\n`).join('')).toBe(printed)
  for (const name of names) expect(files[name].sizeBytes).toBe(readFileSync(join(run.directory, name)).length)
})

test('a run that goes on says nothing of them', async () => {
  const run = await makeRun(tinyExperimentOf({ epochs: 3 }), makeDirectory())
  await trainInto(run, { stopAt: 22 })
  const summary = await readSummary(run)
  expect(summary).toMatchObject({ status: 'interrupted' })
  expect(summary).not.toHaveProperty('files')
  expect(isUnchecked(summary)).toBe(false)
})

describe('what was changed behind a finished run is named', () => {
  test.each([
    ['another accuracy', /("testAccuracy": )0/, '$11'],
    ['another status', '"finished"', '"diverged"'],
    ['other lengths', /("sizeBytes": )\d/, '$19'],
    ['no check value', /,\s*"check": "[0-9a-f]+"/, ''],
  ])('in summary.json: %s', async (_, from, to) => {
    const run = await finishedRun()
    edit(pathOf(run, 'summary'), new RegExp(from), to)
    expect(await readSummary(run)).toBeNull()
    const { state, problem } = must(await inspectRun(run.directory)())
    expect(state).toBe('damaged')
    expect(problem).toMatch(/^summary\.json: expected [0-9a-f]{16} as check, by its other fields, found/)
  })

  test('in summary.json the order of keys and spaces are nothing', async () => {
    const run = await finishedRun()
    const before = await readSummary(run)
    const fields = Object.entries(JSON.parse(readFileSync(pathOf(run, 'summary'), 'utf8')))
    writeFileSync(pathOf(run, 'summary'), JSON.stringify(Object.fromEntries(fields.reverse())))
    expect(await readSummary(run)).toEqual(before)
  })

  test('in metrics.jsonl: a digit', async () => {
    const run = await finishedRun()
    edit(pathOf(run, 'metrics'), /"epoch":1/, '"epoch":2')
    const { files } = (await readSummary(run)) ?? {}
    const { value, problem } = await readMetrics(run.directory, files)
    expect(value).toBeNull()
    expect(problem).toMatch(
      /^metrics\.jsonl: expected SHA-256 \w{64}, as summary\.json beside it says, found/,
    )
    expect(await unfittingFiles(must(await inspectRun(run.directory)()))).toHaveLength(1)
  })

  test('in metrics.jsonl: its end, which a list tells by the length', async () => {
    const run = await finishedRun()
    truncateSync(pathOf(run, 'metrics'), 100)
    expect(must(await inspectRun(run.directory)())).toMatchObject({
      state: 'damaged',
      problem: expect.stringMatching(/^metrics\.jsonl has 100 bytes, and the run has left \d+$/),
    })
    rmSync(pathOf(run, 'metrics'))
    expect(must(await inspectRun(run.directory)()).problem).toBe('metrics.jsonl is missing')
  })

  test('in weights: whole ones of another run', async () => {
    const [run, other] = [await finishedRun(), await finishedRun(2)]
    must(await readWeights(run, 'best')())
    for (const file of ['best', 'last'] as const) copyFileSync(pathOf(other, file), pathOf(run, file))
    for (const which of ['best', 'last'] as const) {
      const weights = await readWeights(run, which)()
      expect(E.isLeft(weights) && renderRunError(weights.left)).toMatch(
        new RegExp(`${which}\\.safetensors: expected SHA-256 .* as summary\\.json beside it says, found`),
      )
    }
    expect(await unfittingFiles(must(await inspectRun(run.directory)()))).toEqual([
      expect.stringContaining('best.safetensors: expected'),
      expect.stringContaining('last.safetensors: expected'),
    ])
    // Those of another epoch, in a place where the run has left none.
    copyFileSync(pathOf(run, 'last'), join(run.directory, 'epoch-1.safetensors'))
    const foreign = await readWeights(run, 1)()
    expect(E.isLeft(foreign) && renderRunError(foreign.left)).toMatch(/expected no epoch-1\.safetensors/)
  })
})

test('a run of an earlier LaPerm is read, as one that nothing vouches for', async () => {
  const run = await finishedRun()
  withoutChecks(run)
  const listed = must(await inspectRun(run.directory)())
  expect(listed).toMatchObject({ state: 'finished', problem: null })
  expect(isUnchecked(listed.summary)).toBe(true)
  expect(must(await readWeights(run, 'best')())).toHaveLength(2)
  expect((await readMetrics(run.directory, listed.summary?.files)).value?.epochs).toHaveLength(2)
})

test('weights that were left where the run was trained are no damage', async () => {
  const run = await finishedRun()
  for (const file of ['best', 'last'] as const) rmSync(pathOf(run, file))
  const listed = must(await inspectRun(run.directory)())
  expect(listed.problem).toBeNull()
  expect(await unfittingFiles(listed)).toEqual([])
})

test('metrics in a store that are not those that a run has left are not fetched', async () => {
  const run = await finishedRun()
  const place = makeDirectory()
  const name = runName(run.config.experiment, run.config.identity, 64, 1)
  cpSync(run.directory, join(place, name), { recursive: true })
  edit(join(place, name, runFiles.metrics), /"epoch":1/, '"epoch":3')
  const [{ result }] = must(
    await pullRuns(openDirectoryStore(place), makeDirectory(), { extent: 'record' })(),
  )
  expect(result.kind === 'failed' && renderRunError(result.error)).toMatch(
    /metrics\.jsonl: expected SHA-256 .* It is damaged in the store/,
  )
})
