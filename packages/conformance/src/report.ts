/**
 * What a conformance run found out, as plain data: it survives `JSON.stringify` and can be shown anywhere.
 */

/** Names of the laws, in the order in which they are reported. */
export const lawNames = [
  'upload and download keep the bits',
  'sort equals the reference',
  'rank equals the reference',
  'permute equals the reference',
  'sync equals the reference',
  'equal values keep index order',
  'negative zero equals positive zero',
  'the result holds the values of theta_sorted',
  'the ranking of the result is the ranking of w',
  'synchronizing twice is synchronizing once',
  'a permutation of theta_0 stays as it is',
  'permuting the vectors commutes with synchronizing',
  'multiplying w by a power of two changes nothing',
  'a neuron keeps its weights, whichever axis counts neurons',
  'inputs are never written',
  'NaN is refused',
  'sizes that differ are refused',
  'golden cases',
] as const

/** Name of a law, as reports and options use it. */
export type LawName = (typeof lawNames)[number]

/** The first case in which a law did not hold, made smaller where smaller cases failed too. */
export interface Counterexample {
  readonly law: LawName
  /** One sentence with everything below in it. */
  readonly description: string
  /** How the case was made: a kind of weights (`ties`, `subnormal`, ...) or the name of a golden case. */
  readonly weights: string
  /** Weights in each vector (n). */
  readonly length: number
  /** Number of vectors (m). */
  readonly count: number
  /** Seed of the case; with `weights`, `length` and `count` it makes the case again (`makeTrial`). */
  readonly seed: number
  /** Where the first difference is; -1 where the failure has no place. */
  readonly vector: number
  readonly index: number
  /** Float32 bits as `0x3f800000`, or what was expected in words. */
  readonly expected: string
  readonly got: string
}

/** How one law fared. */
export interface LawReport {
  readonly name: LawName
  /** Cases in which the law said something. */
  readonly cases: number
  readonly passed: boolean
  readonly failure?: Counterexample
  /** Why the law was not checked, where it was not. A law that was not checked has not passed. */
  readonly skipped?: string
}

/** The outcome of a run. */
export interface Report {
  /** The backend's name. */
  readonly backend: string
  /** Every law that was checked held, one was, and every law was checked in at least one case or skipped for a reason. */
  readonly passed: boolean
  /** All laws' cases together. */
  readonly cases: number
  /** The seed of the run: the same seed checks the same cases. */
  readonly seed: number
  readonly laws: readonly LawReport[]
  /** What was kept out of the run because the backend says that it cannot do it, in sentences. Empty when nothing was. */
  readonly leftOut: readonly string[]
}

/** How far a run is. */
export interface Progress {
  /** Trials and golden cases checked so far, and in all. */
  readonly done: number
  readonly total: number
  /** Laws that have failed so far. */
  readonly failed: readonly LawName[]
}
