/** From an inner optimizer as data to its graph operators. */
import type { InnerOptimizerSpec } from '@laperm/core'
import { adam } from './adam.ts'
import type { GraphOptimizer } from './graph-optimizer.ts'
import { momentum } from './momentum.ts'
import { sgd } from './sgd.ts'

export const makeGraphOptimizer = (spec: InnerOptimizerSpec): GraphOptimizer => {
  switch (spec.kind) {
    case 'sgd':
      return sgd
    case 'momentum':
      return momentum(spec)
    case 'adam':
      return adam(spec)
    default:
      return spec satisfies never
  }
}
