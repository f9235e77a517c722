/** How long runs will take here, from steps that a worker measures before they begin. */
import type { Figure } from '@laperm/paper'
import { costSamples, type PlannedSweep, trainingMs } from '@laperm/runs/sweep'
import { formatSeconds, plural } from './format.ts'
import type { ReadySweep } from './run-sweep.ts'
import type { Terminal } from './terminal.ts'

/** What is known of the time that training will take. */
export interface TrainingEstimate {
  /** Runs that are to be trained. */
  readonly toDo: number
  readonly steps: number
  /** On one worker; null where nothing could be measured. */
  readonly seconds: number | null
}

/** Let the worker measure steps of what is missing. An interrupted run counts whole: how far it came is in its checkpoint. */
export const estimateTraining = async (
  { sweep, board, worker }: ReadySweep,
  retryFailed: boolean,
  terminal: Terminal,
): Promise<TrainingEstimate> => {
  const missing = sweep.runs.filter((run) => {
    const { status } = board.stateOf(run)
    return status === 'missing' || status === 'interrupted' || (retryFailed && status === 'failed')
  })
  const steps = missing.reduce((sum, { totalSteps }) => sum + totalSteps, 0)
  if (missing.length === 0) return { toDo: 0, steps, seconds: 0 }
  const samples = costSamples(missing)
  terminal.signal.addEventListener('abort', worker.kill)
  const costs = await worker.measure(samples)
  terminal.signal.removeEventListener('abort', worker.kill)
  const ms = 'kind' in costs ? null : trainingMs(missing, samples, costs)
  return { toDo: missing.length, steps, seconds: ms === null ? null : ms / 1000 }
}

/**
 * What is to be trained and how long it takes, in a line.
 *
 * @param named runs that the figures name, before those that are the same are counted once.
 * @param workers null where workers of a queue train.
 */
export const timeLine = (
  figures: readonly Figure[],
  named: number,
  { runs }: PlannedSweep,
  { toDo, steps, seconds }: TrainingEstimate,
  workers: number | null,
): string => {
  const what = `${figures.map(({ name }) => name).join(', ')}: ${plural(runs.length, 'run')}${named === runs.length ? '' : ` (${named} with those that figures share)`}`
  if (toDo === 0) return `${what}, all of them there already`
  const time =
    seconds === null
      ? 'how long it takes could not be measured'
      : workers === null
        ? `about ${formatSeconds(seconds)} of one worker like this one`
        : `about ${formatSeconds(seconds / Math.min(workers, toDo))} here on ${plural(Math.min(workers, toDo), 'worker')}`
  return `${what}, ${toDo} to be trained (${plural(steps, 'step')}): ${time}, from steps measured now`
}
