/**
 * A broken law in words, with all that is needed to see it again.
 */
import type { Breach } from './law.ts'
import type { Counterexample, LawName } from './report.ts'

/** How the weights of a case were made. */
export interface CaseOrigin {
  readonly weights: string
  readonly length: number
  readonly count: number
  readonly seed: number
}

/** An error that a backend threw, as a breach without a place. */
export const thrownBreach = (error: unknown): Breach => ({
  vector: -1,
  index: -1,
  expected: 'a result',
  got: `the error "${error instanceof Error ? error.message : String(error)}"`,
})

/** Describe a breach. */
export const counterexample = (
  law: LawName,
  { weights, length, count, seed }: CaseOrigin,
  { vector, index, expected, got }: Breach,
): Counterexample => {
  const place = vector < 0 ? '' : ` at weight ${index} of vector ${vector}`
  return {
    law,
    description: `${law}: with weights "${weights}" of size [${length}, ${count}] (seed ${seed})${place}: expected ${expected}, got ${got}.`,
    weights,
    length,
    count,
    seed,
    vector,
    index,
    expected,
    got,
  }
}
