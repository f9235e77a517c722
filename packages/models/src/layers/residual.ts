/** The sum of two branches. */
import { exactly, type Rule } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'

/** `body(x) + shortcut(x)`; an empty shortcut is the identity. `Inner` are the layers of the branches: in a model, any layer. */
export interface ResidualLayer<Inner> {
  readonly kind: 'residual'
  readonly body: readonly Inner[]
  readonly shortcut: readonly Inner[]
}

/** `body(x) + shortcut(x)`; without a shortcut the identity. */
export const residual = <Inner>(
  body: readonly Inner[],
  shortcut: readonly Inner[] = [],
): ResidualLayer<Inner> => ({ kind: 'residual', body, shortcut })

/** The rule: both branches give the same shape. Layers are numbered through the body, then through the shortcut. */
export const residualKindOf = <Inner>(
  branch: Rule<readonly Inner[]>,
): LayerKind<ResidualLayer<Inner>, Inner> => ({
  baseName: 'residual',
  settings: {
    kind: { rule: exactly('residual') },
    body: { rule: branch },
    shortcut: { rule: branch, byDefault: [] },
  },
  infer: (layer, { inferBranch, refuse }) => {
    const body = inferBranch('body', layer.body)
    const shortcut = inferBranch('shortcut', layer.shortcut)
    if (body.join() !== shortcut.join())
      refuse(
        `the body gives [${body.join(', ')}] but the shortcut [${shortcut.join(', ')}]; give the shortcut a projection`,
      )
    return { outputShape: body }
  },
  differentiate: (_, { applyBranch }) => {
    const body = applyBranch('body')
    const shortcut = applyBranch('shortcut')
    return {
      y: { values: body.y.values.map((value, i) => value + shortcut.y.values[i]), shape: body.y.shape },
      pullback: (dy) => {
        const beside = shortcut.back(dy)
        return { dx: body.back(dy).map((value, i) => value + beside[i]), parameters: {} }
      },
    }
  },
})
