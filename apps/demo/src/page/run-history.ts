/** What the page knows of a run: every number that the worker has told, in the form that charts take. */
import type { Distance, Evaluated, Progress, Proof } from '../messages/events.ts'
import { entriesOf, type PerContender } from '../settings/per-contender.ts'
import { type ContenderName, contenderNames } from '../settings/run-settings.ts'

/** Values by step. Grows; never copied. */
export interface Series {
  readonly steps: number[]
  readonly values: number[]
}

type SeriesOf = Readonly<Record<ContenderName, Series>>

export interface RunHistory {
  readonly add: (progress: Progress) => void
  readonly step: () => number
  readonly firstLosses: readonly { readonly step: number; readonly values: PerContender<number> }[]
  /** Training loss, each point the mean of up to {@link lossWindow} batches. */
  readonly losses: SeriesOf
  readonly accuracies: SeriesOf
  readonly distances: Series
  readonly syncs: readonly number[]
  readonly last: () => Progress | null
  readonly proof: () => Proof | null
}

/** How many batches a point of the loss chart is the mean of. */
export const lossWindow = 5
const firstLossCount = 10

const makeSeries = (): SeriesOf =>
  Object.fromEntries(contenderNames.map((name) => [name, { steps: [], values: [] }])) as unknown as SeriesOf

const push = ({ steps, values }: Series, step: number, value: number): void => {
  steps.push(step)
  values.push(value)
}

export const makeRunHistory = (): RunHistory => {
  const losses = makeSeries()
  const accuracies = makeSeries()
  const distances: Series = { steps: [], values: [] }
  const syncs: number[] = []
  const firstLosses: { readonly step: number; readonly values: PerContender<number> }[] = []
  let window: PerContender<number>[] = []
  let last: Progress | null = null

  const addLoss = (step: number, values: PerContender<number>): void => {
    if (firstLosses.length < firstLossCount) firstLosses.push({ step, values })
    window.push(values)
    if (step > 1 && window.length < lossWindow) return
    for (const [name] of entriesOf(values))
      push(losses[name], step, window.reduce((sum, each) => sum + (each[name] ?? 0), 0) / window.length)
    window = []
  }
  const addEvaluation = ({ optimizer, step, accuracy }: Evaluated): void =>
    push(accuracies[optimizer], step, accuracy)
  const addDistance = ({ step, value }: Distance): void => push(distances, step, value)

  return {
    add: (progress) => {
      for (const { step, values } of progress.losses) addLoss(step, values)
      progress.evaluations.forEach(addEvaluation)
      progress.distances.forEach(addDistance)
      syncs.push(...progress.syncs)
      last = progress
    },
    step: () => last?.step ?? 0,
    firstLosses,
    losses,
    accuracies,
    distances,
    syncs,
    last: () => last,
    proof: () => last?.proof ?? null,
  }
}
