/** Examples on their way into a session. */

/** Examples to train on or evaluate. */
export interface Batch {
  /** `[size, ...inputShape]` float32, row-major, channels last. */
  readonly inputs: Float32Array
  /** `[size]` class numbers. */
  readonly labels: Uint8Array
  readonly size: number
}
