/** Writing synchronized values: all variables or none, for good or for as long as somebody looks. */
import { dispose as disposeTensors, keep, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { Bound } from './bound-variables.ts'
import type { NextValue } from './divergence-guard.ts'
import { assignWatched, type WatchedVariable } from './watched-variables.ts'

/** How values are made and what becomes of them. */
export interface Synchronization {
  /** A variable's synchronized value: a new tensor. Called inside `tf.tidy`. */
  readonly synced: (watched: WatchedVariable, own: Tensor) => Tensor
  /** What is written of the values made: they, or the present ones where a weight is NaN. Called inside `tf.tidy`. */
  readonly accept: (values: readonly NextValue[]) => readonly Tensor[]
  /** Whether the result is what to keep for each variable from then on. */
  readonly keepsResult: boolean
}

/** Every value is computed before the first one is written. */
export const writeSynced = (
  bound: readonly Bound[],
  { synced, accept, keepsResult }: Synchronization,
): void => {
  const parts = bound.filter(({ own }) => own !== undefined)
  const results = tidy(() => {
    const values = parts.map(
      ({ watched, own }): NextValue => ({ watched, next: synced(watched, own as Tensor) }),
    )
    return [...accept(values)]
  })
  parts.forEach((entry, i) => {
    assignWatched(entry.watched, results[i])
    if (keepsResult) {
      entry.own?.dispose()
      entry.own = keep(results[i])
    } else results[i].dispose()
  })
}

/** Anything with a `then`: a promise of another realm, of a library, or of a `Promise` that was replaced since. */
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  (typeof value === 'object' || typeof value === 'function') &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function'

/**
 * Call `look` after `write`, then put every value back as it was, bit for bit, also where one of them throws or rejects.
 *
 * @param after called when the values are back.
 * @returns what `look` returns; for anything with a `then`, a promise of what it resolves to. Values are back when that has settled.
 */
export const lookAfter = <T>(
  write: () => void,
  bound: readonly Bound[],
  look: () => T,
  after: () => void,
): T => {
  const before = bound.map(({ watched }) => tidy(() => keep(watched.variable.clone())))
  const restore = (): void => {
    bound.forEach(({ watched }, i) => {
      if (!watched.variable.isDisposed) assignWatched(watched, before[i])
    })
    disposeTensors(before)
    after()
  }
  let result: T
  try {
    write()
    result = look()
  } catch (error) {
    restore()
    throw error
  }
  if (isThenable(result)) return Promise.resolve(result).finally(restore) as T
  restore()
  return result
}
