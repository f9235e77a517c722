/** A run as a job of a queue: all that a worker on any machine needs to know. */
import { isRecord } from '@laperm/core/settings'
import type { QueueJob } from '@laperm/queue'
import { type Experiment, parseExperiment, renderTrainError } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { DataSource } from '../run-config.ts'

const format = 'laperm-job/1'

/** A run to be made, as JSON. */
export interface RunJob extends QueueJob {
  readonly format: typeof format
  /** The identity of the run, which its worker computes anew: one of other versions comes to another and refuses the job. */
  readonly identity: string
  readonly experiment: Experiment
  readonly data: DataSource
  /** The parent directory of the run's, absolute: on every machine that takes the job the same one. */
  readonly directory: string
}

/** Make a {@link RunJob}. */
export const runJob = (facts: Omit<RunJob, 'format'>): RunJob => ({ format, ...facts })

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

const parseSource = (value: unknown): DataSource | null => {
  if (!isRecord(value)) return null
  const { dataDir, folder, acceptChecksum } = value
  return isTextOrNull(dataDir) && isTextOrNull(folder) && typeof acceptChecksum === 'boolean'
    ? { dataDir, folder, acceptChecksum }
    : null
}

/**
 * A job out of an unknown value. Its experiment goes through every check of a saved one.
 *
 * @returns `Left` with the rule that it breaks, as a queue's `parseJob` does.
 */
export const parseRunJob = (value: unknown): E.Either<string, RunJob> => {
  if (!isRecord(value)) return E.left('it is no object')
  const { identity, directory } = value
  if (value.format !== format)
    return E.left(`its format is ${JSON.stringify(value.format)}, but this version takes ${format}`)
  if (typeof identity !== 'string' || !/^[0-9a-f]{64}$/.test(identity))
    return E.left('its identity is not 64 hexadecimal digits')
  if (typeof directory !== 'string' || directory === '') return E.left('it names no directory')
  const data = parseSource(value.data)
  if (data === null) return E.left('its data have no dataDir, folder and acceptChecksum')
  const experiment = parseExperiment(value.experiment)
  return E.isLeft(experiment)
    ? E.left(`its experiment is not valid: ${renderTrainError(experiment.left)}`)
    : E.right(runJob({ identity, experiment: experiment.right, data, directory }))
}
