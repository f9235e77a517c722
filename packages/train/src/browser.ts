/**
 * What of this package runs in a browser: evaluation, the count of moved weights. The loop, run directories and resume need Node's files
 * and threads; a page brings its own loop.
 */
export { type EvaluationScore, evaluateExamples, evaluationBatchSize } from './evaluate.ts'
export { countMovedWeights, type MovedWeights } from './moved-weights.ts'
