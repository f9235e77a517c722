/**
 * What SGD, momentum and Adam have in common: plain-data state, and the walk over a network's trainable parameters.
 *
 * Arithmetic of all three: parameters, gradients and slots are float32; each new value is computed in float64 from float32 inputs and
 * rounded once, on being stored. Rounding every operation to float32 would be no more "right": engines order and fuse their operations
 * differently. This is the value that they all approximate, within a few float32 units in the last place a step.
 */

import { type Gradients, isTrainable, type Parameter, type Params } from '../parameter.ts'
import type { Schedule } from '../schedules/schedule.ts'

/** An inner optimizer's state: everything that must be saved for an exact resume. */
export interface InnerOptimizerState {
  /** Updates made so far. */
  readonly step: number
  /** By name (`velocity`, `m`, `v`): one array for each TRAINABLE parameter, in order, as long as the parameter's values. */
  readonly slots: Readonly<Record<string, readonly Float32Array[]>>
}

/** Zeros for every trainable parameter. */
export const zeroSlot = (params: Params): readonly Float32Array[] =>
  params
    .filter((parameter) => isTrainable(parameter.role))
    .map((parameter) => new Float32Array(parameter.values.length))

/**
 * The learning rate of a step.
 *
 * @throws RangeError when it is no finite number of at least 0.
 */
export const learningRateOf = (learningRate: number | Schedule, step: number): number => {
  const rate = typeof learningRate === 'function' ? learningRate(step) : learningRate
  if (!(rate >= 0 && rate < Number.POSITIVE_INFINITY))
    throw new RangeError(`learningRate: must be a finite number of at least 0, got ${rate} at step ${step}`)
  return rate
}

const checkGradients = (gradients: Gradients, params: Params): void => {
  if (gradients.length !== params.length)
    throw new RangeError(
      `gradients: needs one entry for each of the ${params.length} parameters (an empty one where a role is not trained), got ${gradients.length}`,
    )
  for (const [i, parameter] of params.entries()) {
    if (isTrainable(parameter.role) && gradients[i].length !== parameter.values.length)
      throw new RangeError(
        `gradients: ${parameter.name} has ${parameter.values.length} weights, but its gradient has ${gradients[i].length}`,
      )
  }
}

const checkSlots = (
  slotNames: readonly string[],
  slots: InnerOptimizerState['slots'],
  params: Params,
): void => {
  const lengths = params
    .filter((parameter) => isTrainable(parameter.role))
    .map((parameter) => parameter.values.length)
  for (const name of slotNames) {
    const arrays = slots[name] ?? []
    if (arrays.length !== lengths.length || lengths.some((length, i) => arrays[i].length !== length))
      throw new RangeError(
        `state: slot ${name} does not fit the parameters; was it made by \`init\` of these?`,
      )
  }
}

/**
 * New parameters from an update of each trainable one. Parameters that are not trained are handed on as they are (the same objects).
 *
 * @param gradients one entry a parameter; those of roles that are not trained are not looked at and may be empty.
 * @param slotNames slots that the optimizer will read from the state.
 * @param update gives the new values of a parameter; `slot` is its place among the trainable ones.
 * @throws RangeError when gradients or slots are missing or of the wrong length; before any update.
 */
export const updateTrainable = (
  gradients: Gradients,
  slotNames: readonly string[],
  state: InnerOptimizerState,
  params: Params,
  update: (parameter: Parameter, gradient: Float32Array, slot: number) => Float32Array,
): Params => {
  checkGradients(gradients, params)
  checkSlots(slotNames, state.slots, params)
  let slot = 0
  return params.map((parameter, i) =>
    isTrainable(parameter.role)
      ? { ...parameter, values: update(parameter, gradients[i], slot++) }
      : parameter,
  )
}
