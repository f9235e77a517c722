/**
 * What a tensor is for, from its name: `conv1/kernel:0` of Keras, `block.conv1.weight` of PyTorch, `layers/conv2d/vars/0` of Keras 3.
 *
 * A layer is what names have in common before their last part. Formats that know more than names (ONNX) say it themselves.
 */
import { lastAxis, type NeuronAxes, type ParameterRole } from '@laperm/core'

/** A tensor before it is known what it is for. */
export interface NamedShape {
  readonly name: string
  readonly shape: readonly number[]
}

/** Where a tensor belongs. */
export interface TensorPlace {
  readonly layer: string
  readonly role: ParameterRole | null
}

/** Last parts of names whose meaning does not depend on the layer. */
const rolesByName: Readonly<Record<string, ParameterRole>> = {
  kernel: 'kernel',
  depthwise_kernel: 'kernel',
  bias: 'bias',
  gamma: 'gamma',
  scale: 'gamma',
  beta: 'beta',
  moving_mean: 'movingMean',
  running_mean: 'movingMean',
  movingMean: 'movingMean',
  moving_variance: 'movingVariance',
  running_var: 'movingVariance',
  movingVariance: 'movingVariance',
}

const splitName = (name: string): readonly [layer: string, leaf: string] => {
  // TensorFlow's variables end in the number of an output: `kernel:0`.
  const bare = name.replace(/:\d+$/, '')
  const at = Math.max(bare.lastIndexOf('/'), bare.lastIndexOf('.'))
  return at === -1 ? ['', bare] : [bare.slice(0, at), bare.slice(at + 1)]
}

const normRoles = ['gamma', 'beta', 'movingMean', 'movingVariance'] as const

/** A layer's tensors, and what they say of each other. */
interface Members {
  readonly leaves: string[]
  readonly shapes: (readonly number[])[]
  /** Places of the tensors in the file. */
  readonly at: number[]
}

/** Keras 3 numbers the variables of a layer: a kernel and its bias, or batch normalization's four vectors. */
const rolesByNumber = ({ shapes }: Members): readonly (ParameterRole | null)[] => {
  const isVector = shapes.map(({ length }) => length === 1)
  if (!isVector[0]) return shapes.map((_, i) => (i === 0 ? 'kernel' : i === 1 && isVector[1] ? 'bias' : null))
  const isNorm = shapes.length === 4 && isVector.every(Boolean)
  return shapes.map((_, i) => (isNorm ? normRoles[i] : null))
}

const rolesOf = (members: Members): readonly (ParameterRole | null)[] => {
  const { leaves, shapes } = members
  if (leaves.every((leaf, i) => leaf === String(i))) return rolesByNumber(members)
  // PyTorch calls batch normalization's vectors weight and bias too.
  const hasGamma = leaves.some((leaf, i) => leaf === 'weight' && shapes[i].length === 1)
  return leaves.map((leaf, i) => {
    if (leaf === 'weight') return shapes[i].length >= 2 ? 'kernel' : 'gamma'
    if (!Object.hasOwn(rolesByName, leaf)) return null
    const role = rolesByName[leaf]
    return role === 'bias' && hasGamma ? 'beta' : role
  })
}

/** The layer and role of each tensor, in the same order. Cost: linear. */
export const placesByName = (tensors: readonly NamedShape[]): readonly TensorPlace[] => {
  const byLayer = new Map<string, Members>()
  for (const [i, { name, shape }] of tensors.entries()) {
    const [layer, leaf] = splitName(name)
    const members = byLayer.get(layer) ?? { leaves: [], shapes: [], at: [] }
    byLayer.set(layer, members)
    members.leaves.push(leaf)
    members.shapes.push(shape)
    members.at.push(i)
  }
  const places = new Array<TensorPlace>(tensors.length)
  for (const [layer, members] of byLayer) {
    const roles = rolesOf(members)
    for (const [i, at] of members.at.entries())
      places[at] = { layer: layer.replace(/\/vars$/, ''), role: roles[i] }
  }
  return places
}

/** Whether names are those of PyTorch's state dicts: kernels are called `weight` there, and neurons come first. */
export const isPytorchNaming = (tensors: readonly NamedShape[]): boolean =>
  tensors.some(({ name, shape }) => shape.length >= 2 && splitName(name)[1] === 'weight')

/** The neuron's axes where neurons come last, as in Keras; first, as in PyTorch; a tensor with one axis or none has none. */
export const neuronAxesOf = ({ name, shape }: NamedShape, order: 'first' | 'last'): NeuronAxes => {
  if (shape.length >= 2 && order === 'first') return [0]
  return splitName(name)[1] === 'depthwise_kernel' && shape.length >= 2
    ? [shape.length - 2, shape.length - 1]
    : lastAxis(shape)
}
