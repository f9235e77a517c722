import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from '@laperm/data'
import type { Experiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, planResume, type Run, renderRunError, resumeRun, runFiles } from '../src/index.ts'
import { experimentOf, lockOf, makeDirectory, makeRun, must, smallDigits, trainInto } from './fixture-runs.ts'

const experiment = experimentOf({ epochs: 4 })

const runUntil = async (stopAt: number, what: Experiment = experiment): Promise<Run> => {
  const run = await makeRun(what, makeDirectory())
  await trainInto(run, { stopAt })
  return run
}

const pathIn = ({ directory }: Run, file: keyof typeof runFiles): string => join(directory, runFiles[file])
const read = (run: Run, file: keyof typeof runFiles): Buffer => readFileSync(pathIn(run, file))
/** Names of its files; a lock's number counts its holders. */
const filesOf = ({ directory }: Run): readonly string[] =>
  readdirSync(directory)
    .filter((name) => !name.startsWith('.lock-'))
    .sort()
/** Every byte of a directory. */
const contentOf = ({ directory }: Run): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString('base64')]),
  )

/** Why a run cannot go on; its directory must be as it was. */
const refusalOf = async (run: Run, dataset: Dataset = smallDigits): Promise<string> => {
  const lock = await lockOf(run)
  const before = contentOf(run)
  const planned = await planResume(run.directory)()
  const resumed = E.isLeft(planned) ? planned : await resumeRun(planned.right, fingerprintOf(dataset), lock)()
  expect(contentOf(run)).toEqual(before)
  await lock.release()
  return E.isLeft(resumed) ? renderRunError(resumed.left) : 'goes on'
}

/** Go on to the end. @returns what the plan warned of. */
const goOn = async (run: Run): Promise<readonly string[]> => {
  const plan = must(await planResume(run.directory)())
  const lock = await lockOf(run)
  must(await resumeRun(plan, fingerprintOf(smallDigits), lock)())
  await lock.release()
  await trainInto(plan.run, { resumeFrom: plan.checkpoint ?? undefined })
  return plan.warnings
}

const expectSameFiles = (run: Run, other: Run): void => {
  for (const file of ['metrics', 'last', 'best'] as const)
    expect(read(run, file).equals(read(other, file)), file).toBe(true)
}

describe('a run that goes on', () => {
  test('leaves the files of one left alone, whatever a kill left behind', async () => {
    const whole = await runUntil(0)
    const run = await runUntil(23)
    expect(existsSync(pathIn(run, 'checkpoint'))).toBe(true)
    // Lines that were written after the checkpoint, half a line, half a file.
    appendFileSync(pathIn(run, 'metrics'), '{"epoch":3,"step":30}\n{"epo')
    writeFileSync(`${pathIn(run, 'best')}.4711.tmp`, 'half')
    expect(await goOn(run)).toEqual([])
    expectSameFiles(run, whole)
    expect(filesOf(run)).toEqual(filesOf(whole))
  })

  test('gets back lines of metrics that were lost, and says so', async () => {
    const whole = await runUntil(0)
    const run = await runUntil(33)
    const [first] = read(run, 'metrics').toString().split('\n')
    writeFileSync(pathIn(run, 'metrics'), `${first}\n`)
    expect(await goOn(run)).toEqual([
      'metrics.jsonl had only 1 of the 3 lines that were written before the checkpoint; the others were restored from it',
    ])
    expectSameFiles(run, whole)
  })

  test('gets back lines of metrics that were damaged, and keeps the damaged file', async () => {
    const whole = await runUntil(0)
    const run = await runUntil(33)
    const damaged = read(run, 'metrics')
    damaged[damaged.indexOf('\n') + 20] ^= 1
    writeFileSync(pathIn(run, 'metrics'), damaged)
    expect(await goOn(run)).toEqual([
      'metrics.jsonl was damaged in line 2; its 3 lines up to the checkpoint were restored from it, and the file that was there is kept as metrics.jsonl.damaged',
    ])
    expectSameFiles(run, whole)
    expect(readFileSync(join(run.directory, 'metrics.jsonl.damaged')).equals(damaged)).toBe(true)
  })

  test('keeps every damaged file of metrics', async () => {
    const run = await runUntil(33)
    for (const [text, name] of [
      ['first', 'metrics.jsonl.damaged'],
      ['second', 'metrics.jsonl.damaged-2'],
      ['third', 'metrics.jsonl.damaged-3'],
    ] as const) {
      writeFileSync(pathIn(run, 'metrics'), text)
      const plan = must(await planResume(run.directory)())
      expect(plan.warnings).toEqual([expect.stringContaining(`is kept as ${name}`)])
      const lock = await lockOf(run)
      must(await resumeRun(plan, run.config.data.fingerprint, lock)())
      await lock.release()
      expect(readFileSync(join(run.directory, name), 'utf8')).toBe(text)
    }
    expect(readFileSync(join(run.directory, 'metrics.jsonl.damaged'), 'utf8')).toBe('first')
  })

  test('starts over without a checkpoint, with the same result', async () => {
    const whole = await runUntil(0)
    const run = await makeRun(experiment, makeDirectory())
    appendFileSync(pathIn(run, 'metrics'), '{"epoch":1,"step":10}\n')
    expect(await goOn(run)).toEqual([])
    expectSameFiles(run, whole)
  })

  test('writes a summary that could not be read anew', async () => {
    const run = await runUntil(23)
    writeFileSync(pathIn(run, 'summary'), '{"status":')
    expect(await goOn(run)).toEqual(['summary.json could not be read and is written anew'])
    expect(JSON.parse(read(run, 'summary').toString())).toMatchObject({ status: 'finished', steps: 40 })
  })
})

describe('a run that cannot go on keeps every byte and says why', () => {
  test.each([
    ['the seed', '"seed": 1', '"seed": 2'],
    ['the epochs', '"epochs": 4', '"epochs": 9'],
    ['k', '"period": 5', '"period": 7'],
    ['a version', '"@laperm/core": "0.0.0"', '"@laperm/core": "0.0.1"'],
    ['its identity', '"identity": "', '"identity": "0'],
  ])('when its config.json was edited in %s', async (_, was, is) => {
    const run = await runUntil(13)
    const config = read(run, 'config').toString()
    expect(config).toContain(was)
    writeFileSync(pathIn(run, 'config'), config.replace(was, is))
    expect(await refusalOf(run)).toMatch(
      /config\.json: its identity is "[0-9a-f]+", but its experiment, data and versions have [0-9a-f]{64}: the file was edited\. Put back what stood there/,
    )
  })

  test('when its checkpoint is a sibling’s', async () => {
    const run = await runUntil(13)
    const sibling = await runUntil(13, experimentOf({ epochs: 4, seed: 8 }))
    writeFileSync(pathIn(run, 'checkpoint'), read(sibling, 'checkpoint'))
    expect(await refusalOf(run)).toMatch(
      /belongs to another experiment than config\.json: seed is 1, but 8 in the checkpoint\. Put this run's own checkpoint back, or train anew/,
    )
  })

  test('when its data are others', async () => {
    const run = await runUntil(13)
    const labels = smallDigits.train.labels.slice()
    labels[499] = (labels[499] + 1) % 10
    const relabelled = { ...smallDigits, train: { ...smallDigits.train, labels } }
    expect(await refusalOf(run, relabelled)).toMatch(
      /the labels of the training examples of digits are not those that this run was trained on/,
    )
    const inputs = smallDigits.test.inputs.slice()
    inputs[0] ^= 1
    expect(await refusalOf(run, { ...smallDigits, test: { ...smallDigits.test, inputs } })).toMatch(
      /: the test inputs of digits are not those/,
    )
    expect(await planResume(run.directory)().then(E.isRight)).toBe(true)
  })

  test('when its checkpoint is damaged', async () => {
    const run = await runUntil(13)
    const bytes = read(run, 'checkpoint')
    bytes[bytes.length - 100] ^= 1
    writeFileSync(pathIn(run, 'checkpoint'), bytes)
    expect(await refusalOf(run)).toMatch(/checkpoint\.safetensors: expected sha256/)
  })

  test.each(['{"status":', '', '[]', '{"status":"finished"}'])(
    'when it has finished, and its summary.json is %j',
    async (summary) => {
      const run = await runUntil(0)
      writeFileSync(pathIn(run, 'summary'), summary)
      expect(await refusalOf(run)).toMatch(/so there is nothing to resume/)
    },
  )

  test('when it has finished, and its summary.json is gone', async () => {
    const run = await runUntil(0)
    rmSync(pathIn(run, 'summary'))
    expect(await refusalOf(run)).toMatch(
      /summary\.json cannot be read, but the run has weights and no checkpoint/,
    )
  })
})
