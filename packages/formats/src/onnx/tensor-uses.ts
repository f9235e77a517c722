/** What an initializer is for in an ONNX graph: the node that uses it says which axis counts neurons, which layer it belongs to, and its role. */
import { lastAxis, type NeuronAxes, type ParameterRole } from '@laperm/core'
import type { OnnxInitializer, OnnxNode } from './onnx-graph.ts'

/** How a tensor is used. */
export interface TensorUse {
  readonly neuronAxes: NeuronAxes
  readonly layer: string
  readonly role: ParameterRole | null
}

const normRoles = ['gamma', 'beta', 'movingMean', 'movingVariance'] as const

/** The axes of a kernel whose neurons are counted by its outputs. */
const kernelAxes = ({ operation, integers }: OnnxNode, rank: number): NeuronAxes => {
  // [out, in, kh, kw], but transposed convolutions have [in, out, kh, kw].
  if (operation === 'Conv') return [0]
  if (operation === 'ConvTranspose') return [1]
  return operation === 'Gemm' && integers.get('transB') === 1 ? [0] : [rank - 1]
}

const layerOf = ({ name, outputs }: OnnxNode): string => (name === '' ? (outputs[0] ?? '') : name)

const kernelOperations = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul']

/**
 * The first use of each initializer that a node has.
 *
 * A bias that is added after a product, as exporters write dense layers, belongs to the product's layer.
 * @returns by the initializer's name, in the order of the nodes.
 */
export const tensorUses = (
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxInitializer[],
): ReadonlyMap<string, TensorUse> => {
  const ranks = new Map(initializers.map(({ name, shape }) => [name, shape.length]))
  const uses = new Map<string, TensorUse>()
  const products = new Map<string, string>()
  for (const node of nodes) {
    const { operation, inputs, outputs } = node
    const layer = layerOf(node)
    for (const [i, input] of inputs.entries()) {
      const rank = ranks.get(input)
      if (rank === undefined || uses.has(input)) continue
      const other = lastAxis(new Array<number>(rank).fill(1))
      if (kernelOperations.includes(operation)) {
        if (i === 1 && rank >= 2)
          uses.set(input, { neuronAxes: kernelAxes(node, rank), layer, role: 'kernel' })
        else uses.set(input, { neuronAxes: other, layer, role: i === 2 ? 'bias' : null })
      } else if (operation === 'BatchNormalization')
        uses.set(input, { neuronAxes: other, layer, role: normRoles[i - 1] ?? null })
      else {
        const product = operation === 'Add' ? products.get(inputs[1 - i] ?? '') : undefined
        uses.set(input, {
          neuronAxes: other,
          layer: product ?? layer,
          role: product === undefined ? null : 'bias',
        })
      }
    }
    if (operation === 'MatMul' && outputs[0] !== undefined) products.set(outputs[0], layer)
  }
  return uses
}
