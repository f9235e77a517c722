/**
 * The inner optimizer's own state (momentum, Adam's moments) at a synchronization: kept, forgotten, or pulled back with the weights.
 */
import {
  add,
  dispose as disposeTensors,
  keep,
  mul,
  type Optimizer,
  sub,
  Tensor,
  tidy,
  Variable,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { fieldVariables } from './optimizer-state.ts'

/** tfjs's optimizers keep one a variable in each list, and make those that are missing at a step. */
interface Accumulator {
  readonly variable: Variable
}

const isAccumulator = (value: unknown): value is Accumulator =>
  typeof value === 'object' && value !== null && 'variable' in value && value.variable instanceof Variable

const accumulatorLists = (optimizer: Optimizer): readonly Accumulator[][] =>
  Object.values(optimizer).flatMap((value: unknown) =>
    Array.isArray(value) && value.every(isAccumulator) ? [value] : [],
  )

/** Of optimizers inside one another, the one that takes the steps. */
const innermost = (optimizer: Optimizer): Optimizer =>
  'inner' in optimizer && optimizer.inner instanceof Object
    ? innermost(optimizer.inner as Optimizer)
    : optimizer

/** What becomes of an inner optimizer's state at each synchronization. */
export interface InnerState {
  readonly onSync: () => void
  /** What is saved with the optimizer's own state, in an order of its own. */
  readonly tensors: () => readonly Tensor[]
  /** Take back what {@link tensors} gave; copies are made. */
  readonly restore: (tensors: readonly Tensor[]) => void
  readonly dispose: () => void
}

/** State goes on as if the weights had moved to where they are by themselves. */
export const keepInnerState = (): InnerState => ({
  onSync: () => undefined,
  tensors: () => [],
  restore: () => undefined,
  dispose: () => undefined,
})

/** Copies of the variables that an optimizer keeps as fields: Adam's powers of beta, before the first step. */
const fieldCopies = (inner: Optimizer): readonly Tensor[] =>
  tidy(() => fieldVariables(inner).map(({ tensor }) => keep(tensor.clone())))

/** State starts anew: accumulators are given back, so that the next step makes them, and fields hold what they held at first. */
export const resetInnerState = (outer: Optimizer): InnerState => {
  const inner = innermost(outer)
  const initial = fieldCopies(inner)
  return {
    ...keepInnerState(),
    onSync: () => {
      for (const list of accumulatorLists(inner)) {
        disposeTensors(list.map(({ variable }) => variable))
        list.length = 0
      }
      fieldVariables(inner).forEach(({ tensor }, i) => {
        if (tensor instanceof Variable) tensor.assign(initial[i])
      })
    },
    dispose: () => disposeTensors([...initial]),
  }
}

/**
 * State follows the weights: `slow = slow + alpha (state - slow); state = slow`, from the state before the first step. Adam's powers of beta
 * follow too, so that its bias correction stays that of its moments.
 */
export const pullBackInnerState = (outer: Optimizer, alpha: number): InnerState => {
  const inner = innermost(outer)
  const initial = fieldCopies(inner)
  let slow: readonly Tensor[] = []
  const replace = (next: readonly Tensor[]): void => {
    disposeTensors([...slow])
    slow = next
  }
  return {
    onSync: () => {
      const fields = fieldVariables(inner).flatMap(({ tensor }) =>
        tensor instanceof Variable ? [tensor] : [],
      )
      const state = [
        ...fields,
        ...accumulatorLists(inner).flatMap((list) => list.map(({ variable }) => variable)),
      ]
      const next = tidy(() =>
        state.map((variable, i) => {
          const from = slow[i] ?? initial[i] ?? zerosLike(variable)
          return keep(add(from, mul(sub(variable, from), alpha)))
        }),
      )
      state.forEach((variable, i) => {
        variable.assign(next[i])
      })
      replace(next)
    },
    tensors: () => slow,
    restore: (tensors) => replace(tensors.map((tensor) => keep(tensor.clone()))),
    dispose: () => {
      replace([])
      disposeTensors([...initial])
    },
  }
}

/** Give back an optimizer's variables, and the tensors that tfjs's own `dispose` forgets (momentum's learning rate). */
export const disposeInner = (inner: Optimizer): void => {
  inner.dispose()
  for (const value of Object.values(inner)) if (value instanceof Tensor && !value.isDisposed) value.dispose()
}
