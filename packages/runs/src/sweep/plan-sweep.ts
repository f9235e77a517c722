/**
 * From a sweep's experiments to runs with identities. Identities need hashes of the data and versions of the engine, which a worker finds out
 * once for all runs that share them; so the sweep itself loads neither.
 */
import type { Experiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { identityOf } from '../run-identity.ts'
import type { ExpandedRun, ExpandedSweep, RefusedSweep } from './expand-sweep.ts'
import { coarseKey, fineKey } from './experiment-keys.ts'
import type { Sample, Survey } from './worker-messages.ts'

/** A run of a sweep that can be trained here. */
export interface PlannedRun extends ExpandedRun {
  readonly identity: string
  readonly totalSteps: number
  /** Runs of one group take steps of like cost. */
  readonly group: number
}

/** Combinations that came to one run. */
export interface SameRun {
  /** What was chosen for the one that is kept, and for the first that is the same. */
  readonly kept: readonly string[]
  readonly same: readonly string[]
  /** How many are the same as an earlier one in this way. */
  readonly count: number
  /** `repeated`: nothing differs. `same bits`: what differs does not change a bit of the run. */
  readonly why: 'repeated' | 'same bits'
}

/** A sweep that is ready to begin. */
export interface PlannedSweep {
  readonly name: string
  readonly fields: readonly string[]
  /** Each once. */
  readonly runs: readonly PlannedRun[]
  readonly same: readonly SameRun[]
}

/** Groups that are told apart at most: each costs its worker the drawing of initial weights. */
const mostGroups = 200

const groupBy = (
  runs: readonly ExpandedRun[],
  keyOf: (experiment: Experiment) => string,
): ReadonlyMap<string, readonly ExpandedRun[]> => {
  const groups = new Map<string, ExpandedRun[]>()
  for (const run of runs) {
    const key = JSON.stringify([keyOf(run.experiment), run.source])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [run])
    else group.push(run)
  }
  return groups
}

/** Runs that one sample stands for. */
export type SweepGroups = readonly (readonly ExpandedRun[])[]

/** Group the runs of a sweep by what a worker has to find out about them. */
export const groupRuns = ({ runs }: ExpandedSweep): SweepGroups => {
  const fine = groupBy(runs, fineKey)
  return [...(fine.size <= mostGroups ? fine : groupBy(runs, coarseKey)).values()]
}

/** One run of each group. */
export const samplesOf = (groups: SweepGroups): readonly Sample[] =>
  groups.map(([{ experiment, source }]) => ({ experiment, source }))

/** Count what is the same as an earlier run, by what differs. */
const addSame = (same: SameRun[], kept: PlannedRun, other: ExpandedRun): void => {
  const why = JSON.stringify(kept.experiment) === JSON.stringify(other.experiment) ? 'repeated' : 'same bits'
  const index = same.findIndex((each) => each.why === why)
  if (index < 0) same.push({ kept: kept.choice, same: other.choice, count: 1, why })
  else same[index] = { ...same[index], count: same[index].count + 1 }
}

/**
 * Give each run its identity, and keep of equal ones the first.
 *
 * @param surveys what a worker says of {@link samplesOf}, in their order.
 * @returns `Left` with every group that cannot be trained here, and why.
 */
export const planSweep = (
  { name, fields, runs }: ExpandedSweep,
  groups: SweepGroups,
  surveys: readonly Survey[],
): E.Either<RefusedSweep, PlannedSweep> => {
  const refused = new Map<string, { example: string; count: number }>()
  const found = new Map<ExpandedRun, readonly [number, Survey & { readonly kind: 'fits' }]>()
  groups.forEach((group, index) => {
    const survey = surveys[index]
    if (survey.kind === 'refused') {
      const example = fields.map((field, i) => `${field} ${group[0].choice[i]}`).join(', ')
      const part = refused.get(survey.message) ?? { example: example || 'the only one', count: 0 }
      refused.set(survey.message, { ...part, count: part.count + group.length })
    } else for (const run of group) found.set(run, [index, survey])
  })
  if (refused.size > 0)
    return E.left({
      _tag: 'RefusedSweep',
      size: runs.length,
      parts: [...refused].map(([message, part]) => ({ message, ...part })),
    })
  const planned = new Map<string, PlannedRun>()
  const same: SameRun[] = []
  for (const run of runs) {
    const surveyed = found.get(run)
    if (surveyed === undefined) throw new TypeError('planSweep: every run of the sweep must be in a group')
    const [group, { data, bits, stepsPerEpoch }] = surveyed
    const { experiment } = run
    const identity = identityOf({ experiment, data, bits })
    const kept = planned.get(identity)
    if (kept === undefined)
      planned.set(identity, { ...run, identity, totalSteps: stepsPerEpoch * experiment.epochs, group })
    else addSame(same, kept, run)
  }
  return E.right({ name, fields, runs: [...planned.values()], same })
}
