import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Checkpoint, type Experiment, trainExperiment } from '@laperm/train'
import { PbfReader } from 'pbf'
import { beforeAll, describe, expect, test } from 'vitest'
import { hasTensorboard, readEvents } from '../../../../test/devices/tensorboard.ts'
import { makeTemporaryFolder } from '../../../../test/temporary-folder.ts'
import { fingerprintOf, planResume, type Run, recordRun, resumeRun, runFiles } from '../../src/index.ts'
import { eventFileName, eventsOfRun } from '../../src/tensorboard/event-file.ts'
import { wholeRecords } from '../../src/tensorboard/records.ts'
import {
  engineOfTests,
  experimentOf,
  lockOf,
  makeDirectory,
  makeRun,
  must,
  smallDigits,
} from '../fixture-runs.ts'

// 10 steps an epoch and k = 7: evaluations at steps 7, 14, 28, 35 and 40, most of them before their epoch's end.
const experiment = experimentOf({
  epochs: 4,
  outer: { syncPeriod: { kind: 'constant', period: 7 } },
  evaluateInner: true,
})

const trainIn = async (
  run: Run,
  {
    stopAt = 0,
    from,
    tensorboard = true,
  }: { stopAt?: number; from?: Checkpoint | undefined; tensorboard?: boolean },
): Promise<void> => {
  const recorder = await recordRun(run, await lockOf(run), { tensorboard })
  const abort = new AbortController()
  const outcome = must(
    await trainExperiment(run.config.experiment, {
      engine: await engineOfTests(),
      dataset: smallDigits,
      signal: abort.signal,
      resumeFrom: from,
      observe: (event) => {
        if (event.kind === 'step' && event.step === stopAt) abort.abort()
        return recorder.observe(event)
      },
    })(),
  )
  await recorder.finish(outcome)
}

const newRun = async (what: Experiment = experiment): Promise<Run> => await makeRun(what, makeDirectory())

const goOn = async (run: Run, tensorboard = false): Promise<void> => {
  const plan = must(await planResume(run.directory)())
  const lock = await lockOf(run)
  must(await resumeRun(plan, fingerprintOf(smallDigits), lock)())
  await lock.release()
  await trainIn(plan.run, { from: plan.checkpoint ?? undefined, tensorboard })
}

const pathIn = ({ directory }: Run): string => join(directory, eventFileName)

const eventsIn = (run: Run): readonly string[] => eventsOf(readFileSync(pathIn(run)))

/** Every event without its time: step and values as bytes. */
const eventsOf = (bytes: Uint8Array): readonly string[] =>
  wholeRecords(bytes).map((payload) =>
    new PbfReader(payload)
      .readFields<string[]>((field, found, pbf) => {
        if (field === 2) found.push(String(pbf.readVarint()))
        if (field === 3) found.push(pbf.readString())
        if (field === 5) found.push(Buffer.from(pbf.readBytes()).toString('base64'))
      }, [])
      .join(' '),
  )

const scalarsOnly = (events: readonly string[]) => events.filter((event) => event.length < 500)

/** The run left alone that the others are held against. */
let whole: Run
beforeAll(async () => {
  whole = await makeRun(experiment, makeTemporaryFolder('laperm-events-'))
  await trainIn(whole, {})
})

describe('an event file', () => {
  test('is written only when asked for', async () => {
    const run = await newRun()
    await trainIn(run, { tensorboard: false })
    expect(existsSync(pathIn(run))).toBe(false)
  })

  test.each([
    [7, 'before its evaluation'],
    [8, 'between an evaluation and the end of its epoch'],
    [10, "at an epoch's end"],
    [24, 'in an epoch with an evaluation to come'],
  ])('is the same, but for times, of a run killed at step %i, %s', async (stopAt) => {
    const run = await newRun()
    await trainIn(run, { stopAt })
    // What a killed process has written after its last checkpoint.
    writeFileSync(pathIn(run), readFileSync(pathIn(whole)))
    await goOn(run)
    expect(eventsIn(run)).toEqual(eventsIn(whole))
  })

  test('keeps its place where only its end is cut, so that an open TensorBoard goes on', async () => {
    const run = await newRun()
    await trainIn(run, { stopAt: 25 })
    const before = readFileSync(pathIn(run))
    writeFileSync(pathIn(run), Buffer.concat([before, before.subarray(0, 99)]))
    await goOn(run)
    expect(readFileSync(pathIn(run)).subarray(0, before.length).equals(before)).toBe(true)
  })

  test('gets back the scalars that were lost with its end', async () => {
    const run = await newRun()
    await trainIn(run, { stopAt: 25 })
    truncateSync(pathIn(run), 50)
    await goOn(run)
    expect(scalarsOnly(eventsIn(run))).toEqual(scalarsOnly(eventsIn(whole)))
    expect(eventsIn(run).length).toBeLessThan(eventsIn(whole).length)
  })

  test('is made of the metrics of a run that was trained without one, as far as they are whole', async () => {
    const run = await newRun()
    await trainIn(run, { tensorboard: false })
    const events = async () => eventsOf(must(await eventsOfRun(run.directory)()))
    expect(await events()).toEqual(scalarsOnly(eventsIn(whole)))
    const path = join(run.directory, runFiles.metrics)
    const [first = '', ...others] = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, [first, '{"epoch":', ...others].join('\n'))
    expect(await events()).toEqual(scalarsOnly(eventsIn(whole)).slice(0, 3))
    // Where there is one, its histograms are kept.
    expect(eventsOf(must(await eventsOfRun(whole.directory)()))).toEqual(eventsIn(whole))
  })

  test('begins with the epochs so far where a resumed run is the first to be asked for one', async () => {
    const run = await newRun()
    await trainIn(run, { stopAt: 25, tensorboard: false })
    await goOn(run, true)
    expect(eventsIn(run).at(-1)).toEqual(eventsIn(whole).at(-1))
    expect(eventsIn(run)[1]).toMatch(/^7 /)
  })
})

describe.runIf(hasTensorboard)('TensorBoard reads', () => {
  test('every number of the metrics at its step', async () => {
    const run = whole
    const lines = readFileSync(join(run.directory, runFiles.metrics), 'utf8').trim().split('\n')
    const metrics = lines.map((line) => JSON.parse(line))
    const { scalars } = readEvents(run.directory)
    const series = (points: readonly (readonly [number, number])[]) =>
      points.map(([step, value]) => [step, Math.fround(value)])
    const atEnd = (field: string) => series(metrics.map((line) => [line.step, line[field]]))
    const evaluated = (which: string, field: string) =>
      series(
        metrics.flatMap((line) => (line[which] === null ? [] : [[line[which].step, line[which][field]]])),
      )
    expect(scalars).toEqual({
      'train/loss': atEnd('trainLoss'),
      'train/accuracy': atEnd('trainAccuracy'),
      learningRate: atEnd('learningRate'),
      synchronizations: atEnd('synchronizations'),
      'test/loss': evaluated('test', 'loss'),
      'test/accuracy': evaluated('test', 'accuracy'),
      'inner/loss': evaluated('inner', 'loss'),
      'inner/accuracy': evaluated('inner', 'accuracy'),
    })
    expect(scalars['test/loss'].length).toBe(4)
  })

  test('one and the same histogram of each kernel at every evaluation: weights are only permuted', async () => {
    const { histograms, scalars } = readEvents(whole.directory)
    const tags = Object.keys(histograms)
    expect(tags.length).toBeGreaterThan(0)
    for (const tag of tags) {
      expect(histograms[tag].map(([step]) => step)).toEqual(scalars['test/loss'].map(([step]) => step))
      for (const [, histogram] of histograms[tag]) expect(histogram).toEqual(histograms[tag][0][1])
    }
  })

  test('histograms that differ where weights are changed: Adam', async () => {
    const run = await newRun(experimentOf({ epochs: 2, outer: { kind: 'none' } }))
    await trainIn(run, {})
    for (const [first, second] of Object.values(readEvents(run.directory).histograms))
      expect(second[1]).not.toEqual(first[1])
  })
})
