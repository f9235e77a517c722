/** `metrics.jsonl` for readers: the epochs that it holds, whatever a kill left behind its last whole line. */
import {
  amount,
  type FieldRules,
  finite,
  isRecord,
  optional,
  orNull,
  readFields,
} from '@laperm/core/settings'
import { type EpochMetrics, evaluation, measuredDistances } from '@laperm/train'
import { either as E, function as F } from 'fp-ts'

/** The epochs of a file. */
export interface ReadMetrics {
  readonly epochs: readonly EpochMetrics[]
  /** The first line that is none, counted from 1; lines behind it are not read. A half line at the end is none: a kill leaves one. */
  readonly damagedLine: number | null
}

const rules: FieldRules<EpochMetrics> = {
  epoch: amount,
  step: amount,
  learningRate: finite,
  trainLoss: finite,
  trainAccuracy: finite,
  synchronizations: amount,
  test: orNull(evaluation),
  inner: orNull(evaluation),
  trained: optional(orNull(evaluation)),
  rankingDistance: optional(measuredDistances),
}

const parseLine = (line: string): EpochMetrics | null => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  return isRecord(value)
    ? F.pipe(
        readFields(value, rules),
        E.getOrElseW(() => null),
      )
    : null
}

/** Read the text of a `metrics.jsonl`. */
export const parseMetrics = (text: string): ReadMetrics => {
  const lines = text.split('\n')
  // What stands behind the last line break is nothing, or half a line.
  lines.pop()
  const epochs: EpochMetrics[] = []
  for (const [index, line] of lines.entries()) {
    const epoch = parseLine(line)
    if (epoch === null) return { epochs, damagedLine: index + 1 }
    epochs.push(epoch)
  }
  return { epochs, damagedLine: null }
}
