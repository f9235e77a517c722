/** The tensors of a file as layers: what they are by the shapes and roles of their tensors. */
import type { ParameterRole } from '@laperm/core'
import type { StoredTensor } from '@laperm/formats'

/** A layer of a file. */
export interface ForeignLayer {
  readonly name: string
  /** Null where its tensors are those of no layer that a model of ours has. */
  readonly kind: 'conv2d' | 'dense' | 'batchNorm' | null
  readonly roles: ReadonlyMap<ParameterRole, StoredTensor>
  /** Tensors whose role is not known, or taken. */
  readonly others: readonly StoredTensor[]
}

const kindOf = (roles: ReadonlyMap<ParameterRole, StoredTensor>): ForeignLayer['kind'] => {
  const kernel = roles.get('kernel')
  // A depthwise kernel has two neurons' axes.
  if (kernel !== undefined && kernel.neuronAxes.length !== 1) return null
  if (kernel !== undefined)
    return kernel.shape.length === 4 ? 'conv2d' : kernel.shape.length === 2 ? 'dense' : null
  return roles.has('movingMean') || roles.has('gamma') ? 'batchNorm' : null
}

/** Layers in the order of their first tensors. */
export const foreignLayers = (tensors: readonly StoredTensor[]): readonly ForeignLayer[] => {
  const byName = new Map<string, StoredTensor[]>()
  for (const tensor of tensors) {
    const members = byName.get(tensor.layer)
    if (members === undefined) byName.set(tensor.layer, [tensor])
    else members.push(tensor)
  }
  return [...byName].map(([name, members]) => {
    const roles = new Map<ParameterRole, StoredTensor>()
    const others: StoredTensor[] = []
    for (const tensor of members)
      if (tensor.role === null || roles.has(tensor.role)) others.push(tensor)
      else roles.set(tensor.role, tensor)
    return { name, kind: kindOf(roles), roles, others }
  })
}
