/**
 * A run's event file for TensorBoard, beside its metrics.
 *
 * `metrics.jsonl` stays the truth: the scalars are its lines, so that what a kill or a damage takes from this file comes back from there, and
 * a resumed run neither loses a point nor has one twice. Histograms exist only here, and are kept as far as the checkpoint goes.
 */
import { open, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { Params } from '@laperm/core'
import { readRegularFile } from '@laperm/data/node'
import { either as E, type taskEither as TE } from 'fp-ts'
import { runError, runFiles } from '../run-directory.ts'
import { type RunError, RunWriteFailed } from '../run-errors.ts'
import { writeFileSafely } from '../write-file-safely.ts'
import { encodeEvent, encodeVersion, readEventHead, type StepEvent } from './event.ts'
import { histogramOf } from './histogram.ts'
import { eventsOfMetrics, metricsEvents } from './metrics-events.ts'
import { frameRecord, wholeRecords } from './records.ts'

/** TensorBoard reads files whose names hold `tfevents`. */
export const eventFileName = 'events.out.tfevents.laperm'

/** How far a run has come. */
export interface EventsSoFar {
  /** `metrics.jsonl`, whole lines. */
  readonly metrics: string
  /** The step of the last evaluation whose histograms stay. */
  readonly lastEvaluationStep: number
}

const seconds = (): number => Date.now() / 1000

/** The file at this path; null where there is none. */
const readOrNull = (path: string): Promise<Buffer | null> =>
  readRegularFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })

/** The whole file: what stays of the one that is there, and the scalars that it lacks, in the order of steps. */
const mendedFile = (found: Uint8Array, { metrics, lastEvaluationStep }: EventsSoFar): Uint8Array => {
  const events = wholeRecords(found).flatMap((payload) => {
    const head = readEventHead(payload)
    return head === null ? [] : [{ ...head, payload }]
  })
  const wanted = eventsOfMetrics(metrics)
  const wantedSteps = new Set(wanted.map(({ step }) => step))
  const kept = events.filter(
    ({ kind, step }) =>
      (kind === 'scalars' && wantedSteps.has(step)) || (kind === 'histograms' && step <= lastEvaluationStep),
  )
  const presentSteps = new Set(kept.filter(({ kind }) => kind === 'scalars').map(({ step }) => step))
  const missing = wanted
    .filter(({ step }) => !presentSteps.has(step))
    .map((event) => ({ step: event.step, payload: encodeEvent(event, seconds()) }))
  const version = events.find(({ kind }) => kind === 'version')?.payload ?? encodeVersion(seconds())
  const inOrder = [...kept, ...missing].sort((one, other) => one.step - other.step)
  return Buffer.concat([version, ...inOrder.map(({ payload }) => payload)].map(frameRecord))
}

/**
 * Bring a run's event file to where its metrics are; where there is none, nothing happens.
 *
 * @throws the file system's error.
 */
export const mendEventFile = async (directory: string, soFar: EventsSoFar): Promise<void> => {
  const path = join(directory, eventFileName)
  const found = await readOrNull(path)
  if (found === null) return
  const mended = mendedFile(found, soFar)
  // Cut in place where that suffices: a TensorBoard that reads the file meanwhile goes on at its place.
  if (found.subarray(0, mended.length).equals(mended)) await truncate(path, mended.length)
  else await writeFileSafely(path, [mended])
}

/**
 * The event file of a run, made from what is there: the scalars of its metrics, and histograms where an event file has them. Nothing is written.
 *
 * @param directory of a run, that may still be trained.
 * @returns `Left(RunUnavailable)` where its files cannot be read.
 */
export const eventsOfRun =
  (directory: string): TE.TaskEither<RunError, Uint8Array> =>
  async () => {
    try {
      const found = await readOrNull(join(directory, eventFileName))
      const metrics = (await readOrNull(join(directory, runFiles.metrics)))?.toString('utf8') ?? ''
      const soFar = { metrics, lastEvaluationStep: Number.POSITIVE_INFINITY }
      return E.right(mendedFile(found ?? new Uint8Array(), soFar))
    } catch (error) {
      return E.left(runError(directory, error))
    }
  }

/** An event file that is written; `close` gives it back. */
export interface EventFile {
  /** The histograms of the kernels that were evaluated. */
  readonly addWeights: (weights: Params, step: number) => Promise<void>
  /** The scalars of an epoch. @param metrics a line of `metrics.jsonl`, as an object. */
  readonly addMetrics: (metrics: unknown) => Promise<void>
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

const histogramsOf = (weights: Params, step: number): StepEvent => ({
  kind: 'histograms',
  step,
  values: Object.fromEntries(
    weights
      .filter(({ role }) => role === 'kernel')
      .map(({ name, values }) => [`weights/${name}`, histogramOf(values)]),
  ),
})

/**
 * Open a run's event file to write on.
 *
 * @param isWanted makes the file where there is none, with the scalars of the epochs so far; otherwise only a file that is there is written.
 * @returns null where there is none and none is wanted.
 * @throws the file system's error; RunWriteFailed when an event cannot be written.
 */
export const openEventFile = async (
  directory: string,
  metrics: string,
  isWanted: boolean,
): Promise<EventFile | null> => {
  const path = join(directory, eventFileName)
  if ((await readOrNull(path)) === null) {
    if (!isWanted) return null
    await writeFileSafely(path, [mendedFile(new Uint8Array(), { metrics, lastEvaluationStep: 0 })])
  }
  const file = await open(path, 'a')
  const add = async (events: readonly StepEvent[]): Promise<void> => {
    const records = events.map((event) => frameRecord(encodeEvent(event, seconds())))
    await file.appendFile(Buffer.concat(records)).catch((error: unknown) => {
      throw new RunWriteFailed(path, error)
    })
  }
  return {
    addWeights: (weights, step) => add([histogramsOf(weights, step)]),
    addMetrics: (line) => add(metricsEvents(line)),
    sync: () => file.sync(),
    close: () => file.close(),
  }
}
