/** The networks that engines are compared on. */

import { everyLayerNet } from '@laperm/conformance/engine'
import { type Model, zoo } from '@laperm/models'

export const comparedModels: Readonly<Record<string, Model>> = {
  // The zoo's begins with all weights equal: pruning is what tells its connections apart.
  f2: { ...zoo.f2, initializers: zoo.mlp.initializers },
  conv7: zoo.conv7,
  'a small residual network': everyLayerNet,
}
