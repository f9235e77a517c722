/** How well a session does: sums over batches, and the score that they amount to. */

/** Sums over evaluated batches. */
export interface EvaluationResult {
  /** SUM of the cross-entropies, in nats; divide by the number of examples for the mean. */
  readonly lossSum: number
  readonly correct: number
  readonly size: number
}

/** How well a session does on a set of examples. */
export interface EvaluationScore {
  readonly accuracy: number
  /** Mean cross-entropy in nats. */
  readonly loss: number
  readonly correct: number
  readonly count: number
}

/** Before the first batch. */
export const noEvaluation: EvaluationResult = { lossSum: 0, correct: 0, size: 0 }

/** The sums of both. */
export const addEvaluations = (a: EvaluationResult, b: EvaluationResult): EvaluationResult => ({
  lossSum: a.lossSum + b.lossSum,
  correct: a.correct + b.correct,
  size: a.size + b.size,
})

/** The score of at least one example. */
export const scoreOf = ({ lossSum, correct, size }: EvaluationResult): EvaluationScore => ({
  accuracy: correct / size,
  loss: lossSum / size,
  correct,
  count: size,
})
