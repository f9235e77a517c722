/** The scalars of TensorBoard, out of a line of `metrics.jsonl`. */
import { isRecord } from '@laperm/core/settings'
import { parseMetrics } from '../run-metrics.ts'
import type { StepEvent } from './event.ts'

/** Which numbers of a line are shown, and under which tags. */
const tags = {
  trainLoss: 'train/loss',
  trainAccuracy: 'train/accuracy',
  learningRate: 'learningRate',
  synchronizations: 'synchronizations',
} as const

/** An evaluation's scalars at the step at which it was made; none where there was none. */
const evaluationScalars = (name: 'test' | 'inner', evaluation: unknown): readonly [number, Scalars][] =>
  isRecord(evaluation) &&
  typeof evaluation.step === 'number' &&
  typeof evaluation.loss === 'number' &&
  typeof evaluation.accuracy === 'number'
    ? [[evaluation.step, { [`${name}/loss`]: evaluation.loss, [`${name}/accuracy`]: evaluation.accuracy }]]
    : []

/** The ranking distances of an epoch, each at the step at which it was measured. */
const distanceScalars = (distances: unknown): readonly [number, Scalars][] =>
  (Array.isArray(distances) ? distances : []).flatMap((one: unknown): readonly [number, Scalars][] =>
    isRecord(one) && typeof one.step === 'number' && typeof one.mean === 'number'
      ? [[one.step, { [`rankingDistance/${String(one.parameter)}`]: one.mean }]]
      : [],
  )

type Scalars = Readonly<Record<string, number>>

/**
 * The events of one epoch: evaluations and ranking distances at the steps at which they were made, everything else at the epoch's last step.
 *
 * @param line of `metrics.jsonl`, as JSON; numbers that it lacks are left out.
 * @returns one event a step, ascending.
 */
export const metricsEvents = (line: unknown): readonly StepEvent[] => {
  if (!isRecord(line) || typeof line.step !== 'number') return []
  const training = Object.fromEntries(
    Object.entries(tags).flatMap(([field, tag]) => {
      const value = line[field]
      return typeof value === 'number' ? [[tag, value] as const] : []
    }),
  )
  const bySteps = new Map<number, Scalars>()
  const found = [
    ...evaluationScalars('inner', line.inner),
    ...evaluationScalars('test', line.test),
    ...distanceScalars(line.rankingDistance),
    [line.step, training] as const,
  ]
  for (const [step, values] of found) bySteps.set(step, { ...bySteps.get(step), ...values })
  return [...bySteps]
    .sort(([one], [other]) => one - other)
    .map(([step, values]) => ({ kind: 'scalars', step, values }))
}

/** The events of a `metrics.jsonl`, up to a line that is damaged. */
export const eventsOfMetrics = (metrics: string): readonly StepEvent[] =>
  parseMetrics(metrics).epochs.flatMap(metricsEvents)
