/** At which steps a loop evaluates: a parameter of the loop, since a run and a page want different things. */

/**
 * - `lastSyncOfEpoch`: once an epoch, right after the last synchronization that falls into it; of optimizers that never synchronize at its end.
 * - `everySteps`: right after the first synchronization that is at least `steps` after the last evaluation; of optimizers that never
 *   synchronize every `steps` steps. With `betweenSyncs` it waits for no synchronization: where none falls on the step the inner optimizer's
 *   weights are evaluated, as the series `inner`, which never counts as the run's accuracy.
 */
export type EvaluationPolicy =
  | { readonly kind: 'lastSyncOfEpoch' }
  | { readonly kind: 'everySteps'; readonly steps: number; readonly betweenSyncs?: boolean | undefined }

/** What runs do. */
export const oncePerEpoch: EvaluationPolicy = { kind: 'lastSyncOfEpoch' }
