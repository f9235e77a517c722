/**
 * What people call an optimizer: `laperm`, `adam`, `sgd`, `lookahead`. An experiment says it by its outer update and its inner optimizer;
 * the name is derived for summaries and run names, and taken as a shorthand where somebody sets an experiment.
 */
import { adamSpec, type InnerOptimizerSpec, sgdSpec } from '@laperm/core'
import type { Experiment } from './experiment.ts'
import type { OuterSpec } from './outer.ts'

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
export const optimizerMeanings: Readonly<
  Record<OptimizerName, { readonly kind: OuterSpec['kind']; readonly innerOptimizer?: InnerOptimizerSpec }>
> = {
  laperm: { kind: 'permute' },
  adam: { kind: 'none', innerOptimizer: adamSpec },
  sgd: { kind: 'none', innerOptimizer: sgdSpec },
  lookahead: { kind: 'lookahead' },
}
