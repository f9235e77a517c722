/**
 * How a data error travels inside this package: thrown, and caught where tasks begin.
 */
import { type DataError, renderDataError } from './data-error.ts'

/** A {@link DataError} under way; it becomes a `Left` at the boundary and is never seen outside. */
export class DataProblem extends Error {
  readonly problem: DataError

  constructor(problem: DataError) {
    super(renderDataError(problem))
    this.name = 'DataProblem'
    this.problem = problem
  }
}
