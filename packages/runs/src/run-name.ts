/** How a run's directory is called: what a person looks for, then the first digits of its identity. */
import { type Experiment, modelNameOf, optimizerOf, type PruningSpec } from '@laperm/train'

/** Entries of a list that are shown; the hash tells the others apart. */
const mostShown = 3
/** Characters of a data set's name that are shown: one's own may be longer than a file's name can be. */
const longestName = 40

const list = (parts: readonly string[]): string =>
  parts.slice(0, mostShown).join('-') + (parts.length > mostShown ? '-etc' : '')

const syncPeriodPart = ({ outer }: Experiment): readonly string[] => {
  if (outer.kind === 'none') return []
  const { syncPeriod } = outer
  if (syncPeriod.kind === 'constant') return [`k${syncPeriod.period}`]
  return [
    `k${list(syncPeriod.periods.map(({ fromStep, period }) => (fromStep === 1 ? String(period) : `${period}@${fromStep}`)))}`,
  ]
}

const percent = (fraction: number): string => String(Math.round(fraction * 100))

const sparsityPart = (sparsity: PruningSpec): readonly string[] => {
  switch (sparsity.kind) {
    case 'none':
      return []
    case 'uniform':
      return [`p${percent(sparsity.fraction)}`]
    case 'perKernel':
      return [`p${list(sparsity.fractions.map(percent))}`]
    case 'synflow':
    case 'magnitude':
      return [`${sparsity.kind}${percent(sparsity.fraction)}`]
    default:
      return sparsity satisfies never
  }
}

/**
 * The part of a directory's name that people read: model, data set, optimizer, k and the percentage pruned where there are such, seed.
 *
 * @example runTitle(experiment) // 'conv7-mnist-laperm-k20-s1', 'f2-digits-laperm-k250-p93-86-67-s1', 'mlp-digits-laperm-k3-7@9-s1'
 */
export const runTitle = (experiment: Experiment): string => {
  const { model, dataset, seed, sparsity } = experiment
  return [
    modelNameOf(model),
    Array.from(dataset).slice(0, longestName).join(''),
    optimizerOf(experiment),
    ...syncPeriodPart(experiment),
    ...sparsityPart(sparsity),
    `s${seed}`,
  ].join('-')
}

/** Digits of an identity in a directory's name; more where another run has these. */
export const shortestPrefix = 6

/**
 * The name of a run's directory.
 *
 * @param digits of the identity that are shown.
 * @param copy counted from 1: the second training of one identity has the suffix `-2`.
 */
export const runName = (experiment: Experiment, identity: string, digits: number, copy: number): string =>
  `${runTitle(experiment)}-${identity.slice(0, digits)}${copy === 1 ? '' : `-${copy}`}`

/** Whether a directory's name ends as that of a run of this identity does. Its `config.json` says whether it is one. */
export const isNameOf = (name: string, identity: string): boolean => {
  const prefix = /-([0-9a-f]{6,64})(?:-\d+)?$/.exec(name)?.[1]
  return prefix !== undefined && identity.startsWith(prefix)
}
