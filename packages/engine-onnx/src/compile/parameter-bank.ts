/**
 * Where every parameter lies in the two flat arrays of a session: one for what is trained, one for moving averages.
 *
 * Parameters stay in Keras's order, so a view of the array IS the matrix of weight vectors that `sync` wants. Trained parameters with
 * the same L2 penalty lie side by side, and small ones are grouped, so that the optimizer is a few nodes over long stretches
 * (a ResNet has 200 parameters, and a node costs microseconds), while a stretch still fits a core's cache.
 */
import { isTrainable, type ParameterRole } from '@laperm/core'
import type { InferredModel } from '@laperm/models'

/** A parameter's place. */
export interface BankedParameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly role: ParameterRole
  readonly bank: 'trainable' | 'moving'
  /** In elements, into its bank. */
  readonly offset: number
  readonly size: number
  /** Weight of the L2 penalty, 0 for none. */
  readonly l2: number
}

/** Trained parameters that the optimizer updates as one stretch, in order of their offsets. */
export interface ParameterGroup {
  readonly offset: number
  readonly size: number
  readonly l2: number
  readonly parameters: readonly BankedParameter[]
}

export interface ParameterBank {
  /** In the inventory's order. */
  readonly parameters: readonly BankedParameter[]
  readonly groups: readonly ParameterGroup[]
  /** Elements of each bank. */
  readonly sizes: { readonly trainable: number; readonly moving: number }
}

/** Elements: Adam's arrays over this many weights (1.5 MB) fit a core's second-level cache. Measured best between 2^16 and 2^17. */
const groupSize = 1 << 16

/** Groups start at multiples of a cache line. */
const lineSize = 16

/** Lay out the parameters of a model. */
export const layOutParameters = (inferred: InferredModel): ParameterBank => {
  const specs = inferred.parameters.map((spec) => ({
    name: spec.name,
    shape: spec.shape,
    role: spec.role,
    size: spec.shape.reduce((product, axis) => product * axis, 1),
    l2: spec.l2,
  }))

  const placed = new Map<string, BankedParameter>()
  const groups: ParameterGroup[] = []
  let end = 0
  let open: BankedParameter[] = []
  const closeGroup = (): void => {
    if (open.length === 0) return
    const offset = open[0].offset
    groups.push({ offset, size: end - offset, l2: open[0].l2, parameters: open })
    open = []
    end = Math.ceil(end / lineSize) * lineSize
  }
  const trainable = specs.filter((spec) => isTrainable(spec.role))
  for (const l2 of [...new Set(trainable.map((spec) => spec.l2))])
    for (const spec of trainable.filter((other) => other.l2 === l2)) {
      const isFull = open.length > 0 && end - open[0].offset + spec.size > groupSize
      if (isFull || (open.length > 0 && open[0].l2 !== l2)) closeGroup()
      const parameter: BankedParameter = { ...spec, bank: 'trainable', offset: end }
      placed.set(spec.name, parameter)
      open.push(parameter)
      end += spec.size
    }
  closeGroup()

  let movingEnd = 0
  for (const spec of specs.filter((other) => !isTrainable(other.role))) {
    placed.set(spec.name, { ...spec, bank: 'moving', offset: movingEnd })
    movingEnd += spec.size
  }

  return {
    parameters: specs.map((spec) => placed.get(spec.name) as BankedParameter),
    groups,
    sizes: { trainable: end, moving: movingEnd },
  }
}
