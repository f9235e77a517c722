/** The sum of two branches. */

import { layersRule } from '../parse/layers-rule.ts'
import { exactly } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'
import type { Layer } from './layer-kinds.ts'

/** `body(x) + shortcut(x)`; an empty shortcut is the identity. */
export interface ResidualLayer {
  readonly kind: 'residual'
  readonly body: readonly Layer[]
  readonly shortcut: readonly Layer[]
}

/** `body(x) + shortcut(x)`; without a shortcut the identity. */
export const residual = (body: readonly Layer[], shortcut: readonly Layer[] = []): ResidualLayer => ({
  kind: 'residual',
  body,
  shortcut,
})

/** The rule: both branches give the same shape. Layers are numbered through the body, then through the shortcut. */
export const residualKind: LayerKind<ResidualLayer> = {
  baseName: 'residual',
  settings: {
    kind: { rule: exactly('residual') },
    body: { rule: layersRule },
    shortcut: { rule: layersRule, byDefault: [] },
  },
  infer: (layer, { inferBranch, refuse }) => {
    const body = inferBranch('body', layer.body)
    const shortcut = inferBranch('shortcut', layer.shortcut)
    if (body.outputShape.join() !== shortcut.outputShape.join())
      refuse(
        `the body gives [${body.outputShape.join(', ')}] but the shortcut [${shortcut.outputShape.join(', ')}]; give the shortcut a projection`,
      )
    return { outputShape: body.outputShape, body: body.layers, shortcut: shortcut.layers }
  },
}
