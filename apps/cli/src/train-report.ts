/** What `laperm train` says at the end, for people. */
import { renderPermutationDifference } from '@laperm/core'
import type { RunSummary } from '@laperm/runs'
import { type Experiment, type MovedWeights, modelNameOf, type TrainOutcome } from '@laperm/train'
import { formatCount, formatSeconds, formatShare, formatSyncPeriod, plural } from './format.ts'

/** `f1 on digits (first 500 training, 100 test examples)`; the limits where there are such. */
export const subjectOf = ({ model, dataset, limit, testLimit }: Experiment): string => {
  const parts = [
    ...(limit === null ? [] : [`${formatCount(limit)} training`]),
    ...(testLimit === null ? [] : [`${formatCount(testLimit)} test`]),
  ]
  const limits = parts.length === 0 ? '' : ` (first ${parts.join(', ')} examples)`
  return `${modelNameOf(model)} on ${dataset}${limits}`
}

const heading = (summary: RunSummary, experiment: Experiment): string => {
  const optimizer = { laperm: 'LaPerm', lookahead: 'Lookahead', adam: 'Adam', sgd: 'SGD' }[summary.optimizer]
  const period = summary.syncPeriod === null ? '' : `, k = ${formatSyncPeriod(summary.syncPeriod)}`
  return `${subjectOf(experiment)}, ${optimizer}${period}, seed ${summary.seed}`
}

const megabytes = (bytes: number): string => formatCount(Math.round(bytes / 1e6))

const memoryClause = ({ peakMemoryBytes, stepMemoryBytes }: RunSummary): string => {
  if (peakMemoryBytes === null) return ''
  const step = stepMemoryBytes === null ? '' : ` (${megabytes(stepMemoryBytes)} of it for a step)`
  return `, at most ${megabytes(peakMemoryBytes)} MB of memory${step}`
}

const progressLine = (summary: RunSummary): string => {
  const epochs = plural(summary.epochs, 'epoch')
  const steps = plural(summary.steps, 'step')
  const parts = summary.status === 'finished' ? [epochs, steps] : [`${steps} of a run of ${epochs}`]
  if (summary.syncPeriod !== null)
    parts.push(
      `${plural(summary.synchronizations, 'synchronization')}${summary.finalSyncForced ? ' (the last one because the run ended)' : ''}`,
    )
  return `${parts.join(', ')} in ${formatSeconds(summary.trainSeconds)}${memoryClause(summary)}`
}

const accuracyLine = (summary: RunSummary): string => {
  if (summary.testAccuracy === null)
    return summary.status === 'finished'
      ? 'test accuracy: not measured, no synchronization came before the end'
      : 'test accuracy: not measured, the run stopped before its first evaluation'
  const when = summary.syncPeriod === null ? '' : ', measured right after synchronizations'
  return `test accuracy ${formatShare(summary.testAccuracy)}, best ${formatShare(summary.bestTestAccuracy)} in epoch ${summary.bestEpoch}${when}`
}

/**
 * The proof in print.
 *
 * @param weightsPath the file that the weights came from, null where they were just trained: it says whose fault a failure may be.
 */
export const proofLine = (
  optimizer: string,
  seed: number,
  { weightVectors, permutedVectors, isPermutation, firstDifference }: TrainOutcome['proof'],
  weightsPath: string | null,
): string => {
  if (isPermutation)
    return `proof: each of the ${formatCount(weightVectors)} weight vectors holds exactly its initial weights, reordered (initial weights drawn again from seed ${seed})`
  const held = `${formatCount(permutedVectors)} of ${formatCount(weightVectors)} weight vectors hold their initial weights`
  if (optimizer !== 'laperm') return `no permutation: ${held}; ${optimizer} changes the values of weights`
  const where = firstDifference === undefined ? '' : ` ${renderPermutationDifference(firstDifference)}`
  const cause =
    weightsPath === null
      ? 'This is a defect of LaPerm or of the engine; please report it.'
      : `${weightsPath} and the run's config.json do not belong together: one of them was replaced or edited. If neither was, please report it.`
  return `PROOF FAILED: only ${held}.${where} ${cause}`
}

/** How much was reconnected: a permutation that moves nothing proves little. */
export const movedLine = ({ weights, movedWeights }: MovedWeights): string =>
  `${formatCount(movedWeights)} of ${formatCount(weights)} weights (${formatShare(weights === 0 ? 0 : movedWeights / weights)}) are in a new place`

/**
 * The whole report, one line an entry.
 *
 * @param firstDifference of a proof that failed; a summary does not keep it.
 */
export const trainReport = (
  summary: RunSummary,
  experiment: Experiment,
  firstDifference?: TrainOutcome['proof']['firstDifference'],
): readonly string[] => {
  const { weightVectors, permutedVectors, isPermutation, weights, movedWeights } = summary
  const proof = {
    weightVectors: weightVectors ?? 0,
    permutedVectors: permutedVectors ?? 0,
    isPermutation: isPermutation ?? false,
    ...(firstDifference === undefined ? {} : { firstDifference }),
  }
  return [
    heading(summary, experiment),
    `  ${progressLine(summary)}`,
    `  ${accuracyLine(summary)}`,
    `  ${proofLine(summary.optimizer, summary.seed, proof, null)}`,
    ...(proof.isPermutation
      ? [`  ${movedLine({ weights: weights ?? 0, movedWeights: movedWeights ?? 0 })}`]
      : []),
    `  ${summary.runDirectory}`,
  ]
}
