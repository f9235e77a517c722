/** One layer of a file into its place in a model: each parameter's values in our order, and a word on what was done. */
import type { Parameter, ParameterRole } from '@laperm/core'
import { FileRefusal, type StoredTensor } from '@laperm/formats'
import type { ParameterSpec } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { ForeignLayer } from './foreign-layers.ts'
import { channelsLast, ourAxes, transposed } from './kernel-order.ts'
import type { ModelPlace } from './model-places.ts'

/** Where a parameter's values come from. */
export interface Assignment {
  readonly parameter: string
  readonly shape: readonly number[]
  /** Null where the file has none, and the value is one that changes nothing. */
  readonly tensor: string | null
  /** What was done to the values, in words. */
  readonly change: string
}

/** What has been found out so far. */
export interface Fitting {
  readonly isChannelsFirst: boolean
  readonly params: Parameter[]
  readonly assignments: Assignment[]
  /** What was accepted and should be known. */
  readonly notes: string[]
  readonly problems: string[]
}

/** `[3, 3, 1, 32]`. */
export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** Values that change nothing, in the place of a parameter that a file has not. */
const neutral: Partial<Record<ParameterRole, number>> = { bias: 0, beta: 0, gamma: 1 }

/** A tensor's values; those that are no numbers are noted. @throws FileRefusal */
const readValues = async ({ name, read }: StoredTensor, notes: string[]): Promise<Float32Array> => {
  const found = await read()
  if (E.isLeft(found)) throw new FileRefusal(found.left)
  const values = found.right
  const broken = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0)
  if (broken > 0) notes.push(`${name}: ${broken} of ${values.length} weights are NaN or infinite`)
  return values
}

/** Values in our order, and what was done to them. */
const inOurOrder = (
  { shape, role, neuronAxes }: StoredTensor,
  values: Float32Array,
  { kind, flattened }: ModelPlace,
  isChannelsFirst: boolean,
): readonly [Float32Array, string] => {
  const axes = role === 'kernel' ? ourAxes(shape.length, neuronAxes[0]) : [0]
  const moved = transposed(values, shape, axes)
  const isMoved = axes.some((axis, i) => axis !== i)
  const turned = isMoved ? `from ${kind === 'dense' ? '[out, in]' : '[out, in, kh, kw]'}` : 'as it is'
  // Of a dense layer the kernel has the flattened inputs as rows; a batch normalization before it has them as entries.
  const isFlat = flattened !== null && isChannelsFirst && (kind === 'batchNorm' || role === 'kernel')
  return isFlat
    ? [channelsLast(moved, flattened), `${turned}, inputs from channels first (NCHW) to channels last`]
    : [moved, turned]
}

const fillNeutral = (spec: ParameterSpec, layer: ForeignLayer, fitting: Fitting): void => {
  const { name, shape, role } = spec
  const value = neutral[role]
  if (value === undefined) {
    fitting.problems.push(`${name} ${shapeText(shape)}: layer '${layer.name}' of the file has none`)
    return
  }
  const change = value === 0 ? 'zeros' : 'ones'
  fitting.params.push({ name, shape, role, values: new Float32Array(shape[0]).fill(value) })
  fitting.assignments.push({ parameter: name, shape, tensor: null, change })
  fitting.notes.push(`${name}: the file has none, so it is ${change}, which change nothing`)
}

const assign = async (
  spec: ParameterSpec,
  place: ModelPlace,
  layer: ForeignLayer,
  fitting: Fitting,
): Promise<void> => {
  const { name, shape, role } = spec
  const tensor = layer.roles.get(role)
  if (tensor === undefined) {
    fillNeutral(spec, layer, fitting)
    return
  }
  const values = await readValues(tensor, fitting.notes)
  if (values.length !== shape.reduce((size, axis) => size * axis, 1)) {
    fitting.problems.push(`${name} ${shapeText(shape)}: '${tensor.name}' is ${shapeText(tensor.shape)}`)
    return
  }
  const [ours, change] = inOurOrder(tensor, values, place, fitting.isChannelsFirst)
  fitting.params.push({ name, shape, role, values: ours })
  fitting.assignments.push({ parameter: name, shape, tensor: tensor.name, change })
}

/** A tensor that the model has no place for: a bias may be all zeros. */
const leaveOut = async (tensor: StoredTensor, why: string, { notes, problems }: Fitting): Promise<void> => {
  const { name, shape, role } = tensor
  const isZero = role === 'bias' && (await readValues(tensor, notes)).every((value) => value === 0)
  if (isZero)
    notes.push(
      `'${name}' ${shapeText(shape)}: the model has no such bias; it is all zeros, so nothing is lost`,
    )
  else problems.push(`'${name}' ${shapeText(shape)}: ${why}`)
}

/** Put a layer of the file into its place. @throws FileRefusal */
export const fitLayer = async (place: ModelPlace, layer: ForeignLayer, fitting: Fitting): Promise<void> => {
  for (const spec of place.parameters) await assign(spec, place, layer, fitting)
  const roles = place.parameters.map(({ role }) => role)
  for (const [role, tensor] of layer.roles)
    if (!roles.includes(role)) await leaveOut(tensor, `${place.layer} of the model has no ${role}`, fitting)
}
