/** Which share of the initial weights is pruned. */
import { checkSparsity, type SparsitySpec } from '@laperm/core'
import type { Network } from '../network.ts'
import { passed } from './checks.ts'
import { type Basis, earlier, type Field } from './field.ts'
import { readShare } from './text.ts'

const kernelCount = ({ inferred }: Network): number =>
  inferred.parameters.filter(({ role }) => role === 'kernel').length

/**
 * What one number means: with drawn weights that share of every kernel, but at most 20% of the first (Section 5.4); where all weights share
 * a value, or there is one kernel, that share of each (Section 5.5: without zeros there is nothing to reconnect).
 */
const completeSparsity = (setting: unknown, basis: Basis): unknown => {
  if (typeof setting !== 'number') return setting
  if (setting === 0) return { kind: 'none' }
  const kernels = kernelCount(basis.network)
  return kernels === 1 || earlier(basis, 'initializer').kind === 'sharedValue'
    ? { kind: 'perKernel', fractions: Array.from({ length: kernels }, () => setting) }
    : { kind: 'uniform', fraction: setting }
}

/** One share, or one a kernel: `14/15,6/7,2/3`. @throws SettingProblem */
const readSparsity = (text: string, path: string): unknown =>
  text.includes(',')
    ? { kind: 'perKernel', fractions: text.split(',').map((part) => readShare(part, path)) }
    : readShare(text, path)

export const sparsityField: Field<SparsitySpec> = {
  check: (value, { network }) => passed(checkSparsity(value, kernelCount(network))),
  complete: completeSparsity,
  initial: ({ network }) => network.recipe.sparsity,
  flags: [
    {
      name: 'sparsity',
      value: '<p>',
      group: 'How to train',
      help: 'share pruned: a number (of drawn weights at most 0.2 of the first kernel), or one a kernel: 14/15,6/7,2/3',
      path: 'sparsity',
      read: readSparsity,
    },
  ],
}
