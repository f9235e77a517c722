/** A session's parameters, optimizer slots, slow weights and theta_sorted, as tfjs variables and tensors. */
import { isTrainable, type Params } from '@laperm/core'
import { type CompileOptions, chosenBy, type SessionState } from '@laperm/engine'
import type { InferredModel, ParameterSpec } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import type { DeviceCalls } from './device-calls.ts'

/** A parameter on the device. */
export interface NamedVariable {
  readonly name: string
  /** Weight of the L2 penalty. */
  readonly l2: number
  readonly variable: tf.Variable
}

/** Everything that a session keeps on its device. */
export interface SessionVariables {
  readonly variable: (name: string) => tf.Variable
  readonly trainable: () => readonly NamedVariable[]
  /** Those that the outer update chooses by their roles. */
  readonly chosen: () => readonly NamedVariable[]
  /** One list a slot, each with one variable a trainable parameter. */
  readonly slots: () => readonly (readonly tf.Variable[])[]
  readonly slow: () => readonly tf.Variable[]
  /**
   * What the outer update needs of theta_0, one tensor a chosen parameter: sorted, or where it is not zero. Belongs to the session from here on.
   */
  readonly keepForUpdate: (tensors: readonly tf.Tensor[]) => void
  readonly keptForUpdate: () => readonly tf.Tensor[]
  /** Throw everything away and start from theta_0: slots are zero, what the outer update needs is yet to come. */
  readonly start: (initial: Params) => void
  readonly readParams: (names?: readonly string[]) => Promise<Params>
  readonly readState: () => Promise<SessionState>
  readonly writeState: (state: SessionState) => void
  readonly release: () => void
}

/** tf.tensor keeps a reference to the array that it is given. */
const tensorOf = (values: Float32Array, shape: readonly number[]): tf.Tensor =>
  tf.tensor(values.slice(), [...shape])

const own = (values: Float32Array, shape: readonly number[]): tf.Variable => {
  const tensor = tensorOf(values, shape)
  const made = tf.variable(tensor)
  tensor.dispose()
  return made
}

const write = (target: tf.Variable, values: Float32Array): void => {
  const tensor = tensorOf(values, target.shape)
  target.assign(tensor)
  tensor.dispose()
}

/** No variables yet. */
export const makeSessionVariables = (
  { parameters }: InferredModel,
  { outerUpdate }: CompileOptions,
  slotNames: readonly string[],
  { read }: DeviceCalls,
): SessionVariables => {
  const trainableSpecs = parameters.filter(({ role }) => isTrainable(role))
  const chosenSpecs = chosenBy(outerUpdate, trainableSpecs)
  const variables = new Map<string, tf.Variable>()
  let slots: readonly (readonly tf.Variable[])[] = []
  let forUpdate: readonly tf.Tensor[] = []
  let slow: readonly tf.Variable[] = []

  const variable = (name: string): tf.Variable => {
    const found = variables.get(name)
    if (found === undefined) throw new RangeError(`variable: the session has no ${name}`)
    return found
  }
  const named = (specs: readonly ParameterSpec[]): readonly NamedVariable[] =>
    specs.map(({ name, l2 }) => ({ name, l2, variable: variable(name) }))
  const release = (): void => {
    for (const each of [...variables.values(), ...slots.flat(), ...forUpdate, ...slow]) each.dispose()
    variables.clear()
    slots = []
    forUpdate = []
    slow = []
  }
  const readParams = async (names?: readonly string[]): Promise<Params> => {
    const params: Params[number][] = []
    for (const { name, shape, role } of parameters)
      if (names === undefined || names.includes(name))
        params.push({ name, shape, role, values: await read(variable(name)) })
    return params
  }
  const readAll = async (tensors: readonly tf.Tensor[]): Promise<readonly Float32Array[]> => {
    const arrays: Float32Array[] = []
    for (const tensor of tensors) arrays.push(await read(tensor))
    return arrays
  }

  return {
    variable,
    trainable: () => named(trainableSpecs),
    chosen: () => named(chosenSpecs),
    slots: () => slots,
    slow: () => slow,
    keepForUpdate: (tensors) => {
      forUpdate = tensors
    },
    keptForUpdate: () => forUpdate,
    start: (initial) => {
      release()
      for (const { name, shape, values } of initial) variables.set(name, own(values, shape))
      const trainable = initial.filter(({ role }) => isTrainable(role))
      slots = slotNames.map(() =>
        trainable.map(({ values, shape }) => own(new Float32Array(values.length), shape)),
      )
      if (outerUpdate.kind === 'lookahead') slow = trainable.map(({ values, shape }) => own(values, shape))
    },
    readParams,
    readState: async () => {
      const params = await readParams()
      const values: Record<string, readonly Float32Array[]> = {}
      for (const [i, name] of slotNames.entries()) values[name] = await readAll(slots[i])
      return { params, slots: values, slow: await readAll(slow) }
    },
    writeState: (state) => {
      for (const { name, values } of state.params) write(variable(name), values)
      slotNames.forEach((name, slot) => {
        state.slots[name].forEach((values, i) => {
          write(slots[slot][i], values)
        })
      })
      state.slow.forEach((values, i) => {
        write(slow[i], values)
      })
    },
    release,
  }
}
