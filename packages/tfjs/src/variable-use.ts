/**
 * What an optimizer makes of each variable: its role, the axes that count its neurons, and the layers that own it. From the options, from the
 * model's layer classes, or, where there is no model, from the shape as far as a shape can tell.
 */
import { lastAxis, type NeuronAxes, type ParameterRole, weightVectorsLayout } from '@laperm/core'
import type { Variable } from '@tensorflow/tfjs-core'
import { type LayerWeight, layerWeights, type ModelLike, type VariableRole } from './layer-weights.ts'

/** What a variable is for. */
export interface VariableUse {
  readonly role: VariableRole
  /** Axes that count its neurons; all others run through a neuron's weights. */
  readonly neuronAxes: NeuronAxes
  /** Names of the layers that hold it, the innermost first; none where no model says. */
  readonly layers: readonly string[]
}

/** Decides a variable's role; undefined leaves it to the model's layers or to the shape. */
export type RoleOf = (variable: Variable) => VariableRole | undefined
/** Says which axes of a variable count its neurons; undefined leaves it to the model's layers or to the shape. */
export type NeuronAxesOf = (variable: Variable) => NeuronAxes | undefined

/** Where uses are read from. */
export interface UseSources {
  readonly model?: ModelLike | undefined
  readonly roleOf?: RoleOf | undefined
  readonly neuronAxesOf?: NeuronAxesOf | undefined
}

const show = ({ name, shape }: Variable): string => `variable ${name} [${shape}]`

/**
 * The role that a shape tells. Two axes are a dense layer's kernel; one axis could be a bias, a gamma or a beta; three a Conv1D kernel or PReLU's
 * slopes; more also the kernel of a transposed or a depthwise convolution.
 */
const roleByShape = (variable: Variable, permuted: readonly ParameterRole[]): VariableRole => {
  if (variable.rank >= 2) {
    if (!permuted.includes('kernel')) return 'kernel'
    // A name decides nothing, but it is reason enough to ask: PReLU behind a recurrent layer has two axes too.
    if (variable.rank === 2 && !variable.name.endsWith('/alpha')) return 'kernel'
    const could =
      variable.rank === 2
        ? 'a kernel or PReLU’s slopes'
        : variable.rank === 3
          ? 'a Conv1D kernel or PReLU’s slopes'
          : 'the kernel of a convolution, of a transposed or of a depthwise one, whose neurons are on other axes, or PReLU’s slopes'
    throw new TypeError(
      `model: ${show(variable)} could be ${could}. Give the option model, or say what it is with roleOf and neuronAxesOf.`,
    )
  }
  if (permuted.every((wanted) => wanted === 'kernel')) return 'other'
  throw new TypeError(
    `permute: ${show(variable)} could be a bias, a gamma or a beta, and [${permuted}] are to be permuted. Give the option model, or roleOf.`,
  )
}

const axesOf = (
  variable: Variable,
  role: VariableRole,
  owner: LayerWeight | undefined,
  said: NeuronAxes | undefined,
  isPermuted: boolean,
): NeuronAxes => {
  if (said !== undefined) {
    weightVectorsLayout(variable.shape, said)
    return [...said]
  }
  if (owner !== undefined) return owner.neuronAxes ?? lastAxis(variable.shape)
  if (isPermuted && role === 'kernel' && variable.rank >= 4)
    throw new TypeError(
      `neuronAxesOf: ${show(variable)} is a kernel of no known layer class, whose neurons could be on any axis. Name their axes with the option neuronAxesOf, for example [3] for [kh, kw, in, out].`,
    )
  return lastAxis(variable.shape)
}

/**
 * The use of each variable.
 *
 * Of role and axes each, in this order: the option; the class of the layer that owns the variable, where a model is given; the shape, where
 * none is.
 *
 * @param permuted the roles that will be permuted.
 * @throws TypeError when neither tells, with the option that would; RangeError for axes that a variable does not have.
 */
export const usesOf = (
  variables: readonly Variable[],
  permuted: readonly ParameterRole[],
  { model, roleOf, neuronAxesOf }: UseSources,
): readonly VariableUse[] => {
  const owners = model === undefined ? undefined : layerWeights(model)
  return variables.map((variable) => {
    const owner = owners?.get(variable)
    const said = roleOf?.(variable) ?? owner?.role
    if (said === undefined && owners !== undefined)
      throw new TypeError(
        `model: cannot tell what ${show(variable)} is, because no known layer class owns it. Name its role with the option roleOf, and with neuronAxesOf the axes of its neurons.`,
      )
    const axes = neuronAxesOf?.(variable)
    const role = said ?? (axes === undefined ? roleByShape(variable, permuted) : 'kernel')
    const isPermuted = permuted.some((each) => each === role)
    const neuronAxes = axesOf(variable, role, owner, axes, isPermuted)
    return { role, neuronAxes, layers: owner?.layers ?? [] }
  })
}
