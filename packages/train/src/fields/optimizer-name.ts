/**
 * What people call an optimizer: `laperm`, `adam`, `sgd`, `lookahead`. An experiment says it by its outer update and its inner optimizer;
 * the name is derived for summaries and run names, and taken as a shorthand where somebody sets an experiment.
 */
import { adamSpec, type InnerOptimizerSpec, sgdSpec } from '@laperm/core'
import { checkName, refuse } from '@laperm/core/settings'
import type { Experiment } from '../experiment.ts'
import type { OuterSpec } from '../outer-spec.ts'

/** `laperm` and `lookahead` synchronize every k steps; `adam` and `sgd` are their inner optimizers alone. */
export const optimizerNames = ['laperm', 'adam', 'sgd', 'lookahead'] as const
/** One of {@link optimizerNames}. */
export type OptimizerName = (typeof optimizerNames)[number]

/** The name of an experiment's optimizer; SGD with momentum alone is `sgd`. */
export const optimizerOf = ({
  outer,
  innerOptimizer,
}: Pick<Experiment, 'outer' | 'innerOptimizer'>): OptimizerName => {
  switch (outer.kind) {
    case 'permute':
      return 'laperm'
    case 'lookahead':
      return 'lookahead'
    case 'none':
      return innerOptimizer.kind === 'adam' ? 'adam' : 'sgd'
    default:
      return outer satisfies never
  }
}

/** What a name stands for; only `adam` and `sgd` say something about the inner optimizer. */
const meanings: Readonly<
  Record<OptimizerName, { readonly kind: OuterSpec['kind']; readonly innerOptimizer?: InnerOptimizerSpec }>
> = {
  laperm: { kind: 'permute' },
  adam: { kind: 'none', innerOptimizer: adamSpec },
  sgd: { kind: 'none', innerOptimizer: sgdSpec },
  lookahead: { kind: 'lookahead' },
}

/** The kind of something that may be a record with one. */
const kindOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined

/**
 * Settings without the shorthand: the kind of `outer` and the inner optimizer that the name stands for.
 *
 * @param settings without entries that are undefined.
 * @throws SettingProblem for an unknown name, or where the other settings say something else.
 */
export const expandOptimizer = ({
  optimizer,
  ...settings
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  if (optimizer === undefined) return settings
  const name = checkName('optimizer', optimizer, optimizerNames)
  const { kind, innerOptimizer } = meanings[name]
  const outerKind = kindOf(settings.outer) ?? kind
  if (outerKind !== kind)
    refuse('outer.kind', outerKind, `optimizer '${name}' has an outer update of kind '${kind}'`)
  const outer = { ...(settings.outer ?? {}), kind }
  if (innerOptimizer === undefined) return { ...settings, outer }
  const inner = settings.innerOptimizer ?? innerOptimizer
  if ((kindOf(inner) === 'adam') !== (name === 'adam'))
    refuse(
      'innerOptimizer',
      kindOf(inner),
      name === 'adam'
        ? "optimizer 'adam' is Adam alone; choose 'sgd' for SGD or momentum"
        : "optimizer 'sgd' is SGD or momentum alone; choose 'adam' for Adam",
    )
  return { ...settings, outer, innerOptimizer: inner }
}
