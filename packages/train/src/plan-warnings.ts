/** What does not keep an experiment from being trained, but from being what it seems: found when a run is planned, as data. */
import type { Dataset } from '@laperm/data'
import type { InferredModel } from '@laperm/models'
import type { Experiment } from './experiment.ts'

/** A limit asks for more examples of a split than there are. */
export interface LimitBeyondData {
  readonly _tag: 'LimitBeyondData'
  readonly dataset: string
  readonly split: 'training' | 'test'
  readonly limit: number
  readonly count: number
}

/** The network tells more classes apart than the data have. */
export interface SpareOutputs {
  readonly _tag: 'SpareOutputs'
  readonly dataset: string
  readonly outputs: number
  readonly classes: number
}

/** Classes of test examples that no training example has: they cannot be learned, and cost accuracy. */
export interface ClassesOnlyTested {
  readonly _tag: 'ClassesOnlyTested'
  readonly dataset: string
  readonly classes: readonly number[]
  /** Test examples of these classes. */
  readonly count: number
}

/** What a person should know of a planned run before it is trained. */
export type PlanWarning = LimitBeyondData | SpareOutputs | ClassesOnlyTested

const onlyTested = ({ name, classes, train, test }: Dataset): readonly ClassesOnlyTested[] => {
  const trained = new Set(train.labels)
  const counts = new Uint32Array(classes)
  for (const label of test.labels) if (!trained.has(label)) counts[label]++
  const missing = [...counts.keys()].filter((label) => counts[label] > 0)
  const count = missing.reduce((sum, label) => sum + counts[label], 0)
  return missing.length === 0 ? [] : [{ _tag: 'ClassesOnlyTested', dataset: name, classes: missing, count }]
}

const beyond = (
  dataset: string,
  split: LimitBeyondData['split'],
  limit: number | null,
  count: number,
): readonly LimitBeyondData[] =>
  limit === null || limit <= count ? [] : [{ _tag: 'LimitBeyondData', dataset, split, limit, count }]

/**
 * What is odd about an experiment and its data, which fit each other. One pass over the labels.
 *
 * @param dataset already limited.
 */
export const planWarningsOf = (
  { limit, testLimit }: Experiment,
  dataset: Dataset,
  { outputShape: [outputs] }: InferredModel,
): readonly PlanWarning[] => {
  const { name, classes, train, test } = dataset
  return [
    ...beyond(name, 'training', limit, train.count),
    ...beyond(name, 'test', testLimit, test.count),
    ...(outputs > classes ? [{ _tag: 'SpareOutputs', dataset: name, outputs, classes } as const] : []),
    ...onlyTested(dataset),
  ]
}

/** Long lists are cut: a person needs to know that there are such classes, and which first. */
const mostNamed = 10

/** The warning as a sentence for people, without a period. */
export const renderPlanWarning = (warning: PlanWarning): string => {
  const { dataset } = warning
  switch (warning._tag) {
    case 'LimitBeyondData':
      return `the limit is ${warning.limit}, but ${dataset} has only ${warning.count} ${warning.split} example${warning.count === 1 ? '' : 's'}; all are used`
    case 'SpareOutputs':
      return `the network tells ${warning.outputs} classes apart, but ${dataset} has only ${warning.classes}; its other outputs learn to stay away`
    case 'ClassesOnlyTested': {
      const { classes, count } = warning
      const named = classes.slice(0, mostNamed).join(', ')
      const rest = classes.length > mostNamed ? ` and ${classes.length - mostNamed} more` : ''
      return `${dataset} has ${classes.length === 1 ? 'class' : 'classes'} ${named}${rest} among its test examples (${count} of them) but not among those that are trained on; they cannot be learned`
    }
    default:
      return warning satisfies never
  }
}
