/**
 * An optimizer's state as the flat list of named tensors that `model.save` writes, with the inner optimizer's state nested in it.
 *
 * tfjs stores optimizer weights by name in one table with the model's weights, and gives them back as a list: so every name gets
 * the optimizer's prefix, and order and shape, not the names of variables, say what belongs where.
 */
import { type NamedTensorMap, type Optimizer, Variable } from '@tensorflow/tfjs-core'

/** One named tensor, as tfjs's optimizers hand them over. */
export interface NamedTensor {
  readonly name: string
  readonly tensor: NamedTensorMap[string]
}

/** What an outer optimizer saves. */
export interface OptimizerState {
  /** int32 `[2]`: steps taken, steps since the last synchronization. */
  readonly counters: NamedTensor['tensor']
  /** theta_sorted or the slow weights, in the order of the variables; empty before the first step. */
  readonly own: readonly NamedTensor[]
  /** The inner optimizer's `getWeights()`. */
  readonly inner: readonly NamedTensor[]
  /** Variables of the inner optimizer that its `getWeights()` leaves out: Adam's powers of beta. */
  readonly extra: readonly NamedTensor[]
  /** The inner optimizer's state as it was pulled back at the last synchronization, by position; empty where it is not. */
  readonly slow: readonly NamedTensor[]
}

const prefixed = (prefix: string, tensors: readonly NamedTensor[]): readonly NamedTensor[] =>
  tensors.map(({ name, tensor }) => ({ name: `${prefix}${name}`, tensor }))

/** @param kind `laperm` or `lookahead`: the first part of every name. */
export const packState = (kind: string, state: OptimizerState): readonly NamedTensor[] => [
  { name: `${kind}/counters`, tensor: state.counters },
  ...prefixed(`${kind}/own/`, state.own),
  ...prefixed(`${kind}/extra/`, state.extra),
  ...prefixed(`${kind}/slow/`, state.slow),
  ...prefixed(`${kind}/inner/`, state.inner),
]

/**
 * The reverse of {@link packState}.
 *
 * @throws Error when the tensors are not the state of this kind of optimizer.
 */
export const unpackState = (kind: string, tensors: readonly NamedTensor[]): OptimizerState => {
  const stranger = tensors.find(({ name }) => !name.startsWith(`${kind}/`))
  const counters = tensors.find(({ name }) => name === `${kind}/counters`)
  if (stranger !== undefined || counters === undefined || counters.tensor.size !== 2)
    throw new Error(
      `The optimizer state does not fit: it is no state of ${kind} (${stranger === undefined ? `its ${kind}/counters are missing` : `it holds ${stranger.name}`}). Compile the model with the optimizer that it was saved with.`,
    )
  const under = (part: string): readonly NamedTensor[] => {
    const prefix = `${kind}/${part}/`
    return tensors
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, tensor }) => ({ name: name.slice(prefix.length), tensor }))
  }
  return {
    counters: counters.tensor,
    own: under('own'),
    inner: under('inner'),
    extra: under('extra'),
    slow: under('slow'),
  }
}

/** Variables that an optimizer keeps as plain fields; `getWeights()` of tfjs's optimizers does not hand them over. */
export const fieldVariables = (optimizer: Optimizer): readonly NamedTensor[] =>
  Object.entries(optimizer).flatMap(([name, value]: [string, unknown]) =>
    value instanceof Variable ? [{ name, tensor: value }] : [],
  )

/**
 * Write the fields that {@link fieldVariables} saved. tfjs's Adam would otherwise go on from `beta^(t + 1)` computed afresh, which
 * differs from its own running product in the last bits.
 *
 * @throws Error when the optimizer has no such field.
 */
export const restoreFieldVariables = (optimizer: Optimizer, saved: readonly NamedTensor[]): void => {
  const fields = new Map(fieldVariables(optimizer).map(({ name, tensor }) => [name, tensor]))
  for (const { name, tensor } of saved) {
    const target = fields.get(name)
    if (!(target instanceof Variable))
      throw new Error(
        `The optimizer state does not fit: the inner optimizer ${optimizer.getClassName()} has no variable ${name}.`,
      )
    target.assign(tensor)
  }
}
