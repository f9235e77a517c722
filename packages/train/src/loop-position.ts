/** Where a training loop stands: with the session's state and the kept weights, all that an exact resume needs. Plain data. */
import {
  amount,
  type FieldRules,
  finite,
  isRecord,
  listRule,
  oneOf,
  optional,
  orNull,
  readFields,
  recordRule,
  text,
  truth,
} from '@laperm/core/settings'
import { either as E, function as F } from 'fp-ts'
import type { MeasuredDistance } from './ranking-watch.ts'

/** One evaluation of the whole test set. */
export interface Evaluation {
  /** The step after which it was made. */
  readonly step: number
  /** Counted from 1. */
  readonly epoch: number
  /** Share of the test examples that were classified right. */
  readonly accuracy: number
  /** Mean cross-entropy in nats. */
  readonly loss: number
}

/**
 * What comes next at a step, in this order; stages that do not apply are passed over. Kept in the position so that an interrupted
 * evaluation is made again by the resumed run.
 */
export const stages = ['train', 'evaluateInner', 'sync', 'evaluate', 'endEpoch'] as const
/** What a training loop does next. */
export type Stage = (typeof stages)[number]

/** A training loop between two stages. */
export interface LoopPosition {
  /** Steps taken. */
  readonly step: number
  readonly stage: Stage
  readonly stepsSinceSync: number
  readonly synchronizations: number
  /** Whether the last synchronization was made only because the run ended. */
  readonly finalSyncForced: boolean
  /** The step that is evaluated next, or was last: of a loop that evaluates once an epoch 0 when no synchronization falls into it. */
  readonly evaluationStep: number
  /** Sums over the present epoch so far, for its mean loss and accuracy. */
  readonly epochLossSum: number
  readonly epochCorrect: number
  readonly epochExamples: number
  /** What was evaluated in the present epoch so far. */
  readonly epochTest: Evaluation | null
  readonly epochInner: Evaluation | null
  /** Of the training examples that are evaluated; left out where none are. */
  readonly epochTrained?: Evaluation | null
  /** Ranking distances measured in the present epoch so far; left out where none are asked for. */
  readonly epochDistances?: readonly MeasuredDistance[]
  /** The last evaluation that counts, and the best. */
  readonly last: Evaluation | null
  readonly best: Evaluation | null
  /** The step at which the kept weights were current. */
  readonly keptStep: number
}

/** Before the first step. */
export const startPosition: LoopPosition = {
  step: 0,
  stage: 'train',
  stepsSinceSync: 0,
  synchronizations: 0,
  finalSyncForced: false,
  evaluationStep: 0,
  epochLossSum: 0,
  epochCorrect: 0,
  epochExamples: 0,
  epochTest: null,
  epochInner: null,
  last: null,
  best: null,
  keptStep: 0,
}

const evaluationRules: FieldRules<Evaluation> = {
  step: amount,
  epoch: amount,
  accuracy: finite,
  loss: finite,
}
/** An {@link Evaluation} that was saved. */
export const evaluation = recordRule('an evaluation', evaluationRules)

const distanceRules: FieldRules<MeasuredDistance> = {
  step: amount,
  parameter: text,
  mean: finite,
  standardDeviation: finite,
}
/** {@link MeasuredDistance}s that were saved. */
export const measuredDistances = listRule(
  'ranking distances',
  recordRule('a ranking distance', distanceRules),
)

const rules: FieldRules<LoopPosition> = {
  step: amount,
  stage: oneOf(stages),
  stepsSinceSync: amount,
  synchronizations: amount,
  finalSyncForced: truth,
  evaluationStep: amount,
  epochLossSum: finite,
  epochCorrect: amount,
  epochExamples: amount,
  epochTest: orNull(evaluation),
  epochInner: orNull(evaluation),
  epochTrained: optional(orNull(evaluation)),
  epochDistances: optional(measuredDistances),
  last: orNull(evaluation),
  best: orNull(evaluation),
  keptStep: amount,
}

/** A saved position, or the name of the first field that is none. */
export const parseLoopPosition = (value: unknown): LoopPosition | string => {
  if (!isRecord(value)) return 'position'
  return F.pipe(
    readFields(value, rules),
    E.getOrElseW(({ field }) => field),
  )
}
