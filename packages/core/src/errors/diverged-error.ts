/**
 * How the fast API says that a weight is NaN. The checked API turns it into `Left(Diverged)`.
 */
import { type Diverged, diverged, renderDiverged } from './errors.ts'

/**
 * A weight is NaN: training has diverged. Thrown before anything is written.
 *
 * The `into` functions know the place but not the variable: who knows its name adds it with {@link DivergedError.in}.
 */
export class DivergedError extends Error {
  override readonly name = 'DivergedError'
  /** What the checked API gives. */
  readonly diverged: Diverged

  /**
   * @param vector index of the weight vector (the neuron).
   * @param index of the weight within its vector.
   * @param variable name of the variable, `''` where it is not known.
   */
  constructor(vector: number, index: number, variable = '') {
    const record = diverged(variable, vector, index)
    super(renderDiverged(record))
    this.diverged = record
  }

  /** The same weight, of a variable with this name. */
  in(variable: string): DivergedError {
    return new DivergedError(this.diverged.vector, this.diverged.index, variable)
  }
}

/**
 * Run work on one variable; a NaN that it meets is thrown again with the variable's name.
 *
 * @throws DivergedError naming variable, vector and index; whatever else the work throws, as it is.
 */
export const namingDiverged = <A>(variable: string, work: () => A): A => {
  try {
    return work()
  } catch (error) {
    throw error instanceof DivergedError ? error.in(variable) : error
  }
}
