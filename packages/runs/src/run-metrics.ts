/** `metrics.jsonl` for readers: the epochs that it holds, whatever a kill left behind its last whole line. */
import type { EpochMetrics } from '@laperm/train'

/** The epochs of a file. */
export interface ReadMetrics {
  readonly epochs: readonly EpochMetrics[]
  /** The first line that is none, counted from 1; lines behind it are not read. A half line at the end is none: a kill leaves one. */
  readonly damagedLine: number | null
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isEvaluation = (value: unknown): boolean =>
  value === null ||
  (isRecord(value) && ['step', 'epoch', 'accuracy', 'loss'].every((name) => typeof value[name] === 'number'))

const areDistances = (value: unknown): boolean =>
  value === undefined ||
  (Array.isArray(value) &&
    value.every(
      (one) =>
        isRecord(one) &&
        typeof one.parameter === 'string' &&
        ['step', 'mean', 'standardDeviation'].every((name) => typeof one[name] === 'number'),
    ))

const numbers = ['epoch', 'step', 'learningRate', 'trainLoss', 'trainAccuracy', 'synchronizations']

const parseLine = (line: string): EpochMetrics | null => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  const isEpoch =
    isRecord(value) &&
    numbers.every((name) => typeof value[name] === 'number') &&
    isEvaluation(value.test) &&
    isEvaluation(value.inner) &&
    isEvaluation(value.trained ?? null) &&
    areDistances(value.rankingDistance)
  return isEpoch ? (value as unknown as EpochMetrics) : null
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
