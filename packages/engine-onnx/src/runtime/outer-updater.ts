/** What an outer update is to the executor: something that reads the trained bank and writes the next one. */

/** Keeps what the outer update needs (theta_sorted, slow weights). Parameters are views of the trained bank. */
export interface OuterUpdater {
  /** Two arrays of zeros for the trained bank and the next one, where this update is fastest. */
  readonly banks: readonly [Float32Array, Float32Array]
  /** Forget everything and start from these parameters. */
  readonly start: (trainable: Float32Array) => void
  /**
   * Apply the update.
   *
   * @param trainable the trained bank, one of {@link banks}; not written.
   * @param next the other bank; holds the whole result afterwards.
   * @throws DivergedError when a weight to be ranked is NaN; `trainable` is whole then.
   */
  readonly update: (trainable: Float32Array, next: Float32Array) => void
  /** Lookahead's slow weights as a bank; undefined for the other updates. */
  readonly slow: Float32Array | undefined
}
