/** A figure's data as CSV: a row a run and epoch, as it was measured. */
import { csvLines, type Fields } from '@laperm/runs'
import { type FigureResults, rankingOf } from '../figure-results.ts'

/**
 * Lines of the file, the heading first. Accuracies are shares, `trainedAccuracy` that of random training examples after the epoch; ranking distances
 * are shares of the vector's length, of the first kernel that is watched. Empty where nothing was measured.
 */
export const resultsCsv = ({ record, runs }: FigureResults): string => {
  const rows = runs.flatMap(({ curve, seed, status, directory, identity, epochs }): readonly Fields[] => {
    const head = { figure: record.figure, scale: record.scale, curve, seed, status, run: directory, identity }
    const none = {
      epoch: null,
      step: null,
      testAccuracy: null,
      testLoss: null,
      innerAccuracy: null,
      trainAccuracy: null,
      trainLoss: null,
      trainedAccuracy: null,
      rankingMean: null,
      rankingDeviation: null,
    }
    return epochs.length === 0
      ? [{ ...head, ...none }]
      : epochs.map((metrics) => {
          const { epoch, step, test, inner, trainAccuracy, trainLoss, trained } = metrics
          return {
            ...head,
            epoch,
            step,
            testAccuracy: test?.accuracy ?? null,
            testLoss: test?.loss ?? null,
            innerAccuracy: inner?.accuracy ?? null,
            trainAccuracy,
            trainLoss,
            trainedAccuracy: trained?.accuracy ?? null,
            rankingMean: rankingOf(metrics, 'mean'),
            rankingDeviation: rankingOf(metrics, 'standardDeviation'),
          }
        })
  })
  return `${csvLines(rows).join('\n')}\n`
}
