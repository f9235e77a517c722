/** Which of the initial weights are pruned. */
import { checkName, refuse } from '@laperm/core/settings'
import type { Network } from '../network.ts'
import { checkPruning, type PruningSpec } from '../pruning/pruning-spec.ts'
import { passed } from './checks.ts'
import { type Basis, earlier, type Field } from './field.ts'
import { readShare } from './text.ts'

const kernelsOf = ({ inferred }: Network) => inferred.parameters.filter(({ role }) => role === 'kernel')

const kernelCount = (network: Network): number => kernelsOf(network).length

/** A sparsity says its kind; a record of layers has none. */
const isByName = (setting: unknown): setting is Readonly<Record<string, unknown>> =>
  typeof setting === 'object' && setting !== null && !Array.isArray(setting) && !('kind' in setting)

/** The shares of layers that are named; a kernel that is not named stays whole. */
const fractionsByName = (shares: Readonly<Record<string, unknown>>, { network }: Basis): unknown => {
  const layers = kernelsOf(network).map(({ name }) => name.replace(/\/kernel$/, ''))
  for (const name of Object.keys(shares)) checkName('layer with a kernel', name, layers)
  return { kind: 'perKernel', fractions: layers.map((name) => shares[name] ?? 0) }
}

/**
 * What one number means: with drawn weights that share of every kernel, but at most 20% of the first (Section 5.4); where all weights share
 * a value, or there is one kernel, that share of each (Section 5.5: without zeros there is nothing to reconnect).
 */
const completeSparsity = (setting: unknown, basis: Basis): unknown => {
  if (typeof setting !== 'number') return isByName(setting) ? fractionsByName(setting, basis) : setting
  if (setting === 0) return { kind: 'none' }
  const kernels = kernelCount(basis.network)
  return kernels === 1 || earlier(basis, 'initializer').kind === 'sharedValue'
    ? { kind: 'perKernel', fractions: Array.from({ length: kernels }, () => setting) }
    : { kind: 'uniform', fraction: setting }
}

/** `conv1=0.5,dense1=0.9`, each layer once. */
const readByName = (text: string, path: string): unknown => {
  const shares = new Map<string, number>()
  for (const part of text.split(',')) {
    const [name = '', share, ...rest] = part.trim().split('=')
    if (share === undefined || rest.length > 0 || shares.has(name))
      refuse(path, part, 'it must name a layer once and its share, like conv1=0.5')
    else shares.set(name, readShare(share, path))
  }
  return Object.fromEntries(shares)
}

/** One share, one a kernel: `14/15,6/7,2/3`, or by layers' names: `conv1=0.5`. @throws SettingProblem */
const readSparsity = (text: string, path: string): unknown => {
  if (text.includes('=')) return readByName(text, path)
  return text.includes(',')
    ? { kind: 'perKernel', fractions: text.split(',').map((part) => readShare(part, path)) }
    : readShare(text, path)
}

export const sparsityField: Field<PruningSpec> = {
  check: (value, { network }) => passed(checkPruning(value, kernelCount(network))),
  complete: completeSparsity,
  initial: ({ network }) => network.recipe.sparsity,
  flags: [
    {
      name: 'sparsity',
      value: '<p>',
      group: 'How to train',
      help: 'share pruned: a number (of drawn weights at most 0.2 of the first kernel), one a kernel: 14/15,6/7,2/3, or by layer: conv1=0.5,dense1=0.9',
      path: 'sparsity',
      read: readSparsity,
    },
  ],
}
