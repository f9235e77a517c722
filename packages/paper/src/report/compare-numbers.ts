/** The paper's numbers beside ours. */
import type { Figure, PaperNumber } from '../figure.ts'
import { bestOfCurve, deviationOf, type FigureResults, meanOf } from '../figure-results.ts'

/** A number of the paper's and ours. Percent or points. */
export interface ComparedNumber extends PaperNumber {
  /** Mean over the seeds; null where nothing was measured. */
  readonly ours: number | null
  /** Over the seeds; null of fewer than two, and of differences. */
  readonly deviation: number | null
  readonly seeds: number
  /** Ours less the paper's. */
  readonly difference: number | null
}

/** Compare every number of a figure. */
export const compareNumbers = ({ numbers }: Figure, results: FigureResults): readonly ComparedNumber[] =>
  numbers.map((number) => {
    const values = bestOfCurve(results, number.curve)
    const others = number.minus === undefined ? null : bestOfCurve(results, number.minus)
    const mean = meanOf(values)
    const other = others === null ? 0 : meanOf(others)
    const ours = mean === null || other === null ? null : mean - other
    return {
      ...number,
      ours,
      deviation: others === null ? deviationOf(values) : null,
      seeds: values.length,
      difference: ours === null ? null : ours - number.value,
    }
  })
