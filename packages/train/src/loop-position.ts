/** Where a training loop stands: with the session's state and the kept weights, all that an exact resume needs. Plain data. */
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

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const counts = [
  'step',
  'stepsSinceSync',
  'synchronizations',
  'evaluationStep',
  'epochCorrect',
  'epochExamples',
  'keptStep',
] as const
const evaluations = ['epochTest', 'epochInner', 'last', 'best'] as const

const isEvaluation = (value: unknown): boolean =>
  isRecord(value) &&
  Number.isSafeInteger(value.step) &&
  Number.isSafeInteger(value.epoch) &&
  Number.isFinite(value.accuracy) &&
  Number.isFinite(value.loss)

const isDistance = (value: unknown): boolean =>
  isRecord(value) &&
  Number.isSafeInteger(value.step) &&
  typeof value.parameter === 'string' &&
  Number.isFinite(value.mean) &&
  Number.isFinite(value.standardDeviation)

/** A saved position, or the name of the first field that is none. */
export const parseLoopPosition = (value: unknown): LoopPosition | string => {
  if (!isRecord(value)) return 'position'
  if (!stages.some((stage) => stage === value.stage)) return 'stage'
  for (const key of counts) if (!Number.isSafeInteger(value[key]) || (value[key] as number) < 0) return key
  if (typeof value.finalSyncForced !== 'boolean') return 'finalSyncForced'
  if (!Number.isFinite(value.epochLossSum)) return 'epochLossSum'
  for (const key of evaluations) if (value[key] !== null && !isEvaluation(value[key])) return key
  const { epochDistances = [], epochTrained = null } = value
  if (epochTrained !== null && !isEvaluation(epochTrained)) return 'epochTrained'
  if (!Array.isArray(epochDistances) || !epochDistances.every(isDistance)) return 'epochDistances'
  return value as unknown as LoopPosition
}
