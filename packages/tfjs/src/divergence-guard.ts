/**
 * Keeps a synchronization from using NaN, on every backend: by reading one flag where a synchronous read is possible, and on the
 * device where it is not.
 */
import {
  any,
  isNaN as isNaNTensor,
  keep,
  logicalOr,
  stack,
  type Tensor,
  type Tensor1D,
  where,
} from '@tensorflow/tfjs-core'
import { assertNoNaN } from './divergence.ts'
import { readsSynchronously } from './sync-route.ts'
import type { WatchedVariable } from './watched-variables.ts'

/** A new value for a variable. */
export interface NextValue {
  readonly watched: WatchedVariable
  readonly next: Tensor
}

/** Remembers divergence that could not be thrown at once. */
export interface DivergenceGuard {
  /**
   * The values to write: those handed in, or, where any variable holds NaN, an error (or, on a backend that cannot be read
   * synchronously, the variables' own values, and {@link check} rejects). Call it inside `tf.tidy`.
   */
  readonly filter: (values: readonly NextValue[]) => readonly Tensor[]
  /** @throws DivergedError when NaN was met on a backend that cannot be read synchronously. */
  readonly check: () => Promise<void>
  readonly dispose: () => void
}

const assertNone = ({ variable, use }: WatchedVariable, values: Float32Array): void =>
  assertNoNaN(values, variable.shape, use.neuronAxes, variable.name)

/** Make a guard; it owns at most one tensor, of one flag a variable. */
export const makeDivergenceGuard = (): DivergenceGuard => {
  let pending: { readonly flags: Tensor1D; readonly entries: readonly WatchedVariable[] } | undefined

  const dispose = () => {
    pending?.flags.dispose()
    pending = undefined
  }
  const filter = (values: readonly NextValue[]): readonly Tensor[] => {
    if (values.length === 0) return []
    const entries = values.map(({ watched }) => watched)
    const flags = stack(entries.map(({ variable }) => any(isNaNTensor(variable)))) as Tensor1D
    if (readsSynchronously()) {
      const found = flags.dataSync().findIndex((flag) => flag !== 0)
      if (found >= 0) assertNone(entries[found], entries[found].variable.dataSync<'float32'>())
      return values.map(({ next }) => next)
    }
    const known = pending?.flags
    const joined: Tensor1D =
      known === undefined || known.size !== flags.size ? flags : logicalOr(known, flags)
    const kept: Tensor1D = keep(joined.clone())
    dispose()
    pending = { flags: kept, entries }
    const diverged = any(joined)
    return values.map(({ watched: { variable }, next }) => where(diverged, variable, next))
  }
  const check = async (): Promise<void> => {
    if (pending === undefined) return
    const { flags, entries } = pending
    const found = (await flags.data()).findIndex((flag) => flag !== 0)
    if (found >= 0) assertNone(entries[found], await entries[found].variable.data<'float32'>())
  }
  return { filter, check, dispose }
}
