/** A figure's data as CSV: a row a run and epoch, as it was measured. */
import { csvLines, type Fields } from '@laperm/runs'
import type { FigureResults } from '../figure-results.ts'

/** Lines of the file, the heading first. Accuracies are shares; empty where nothing was measured. */
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
    }
    return epochs.length === 0
      ? [{ ...head, ...none }]
      : epochs.map(({ epoch, step, test, inner, trainAccuracy, trainLoss }) => ({
          ...head,
          epoch,
          step,
          testAccuracy: test?.accuracy ?? null,
          testLoss: test?.loss ?? null,
          innerAccuracy: inner?.accuracy ?? null,
          trainAccuracy,
          trainLoss,
        }))
  })
  return `${csvLines(rows).join('\n')}\n`
}
