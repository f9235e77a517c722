/** What stands below the charts: sentences computed from what the charts show, so that none can contradict its own. */
import type { NeuronView, Snapshot } from '../messages/events.ts'
import { countText, percentText } from './number-text.ts'
import type { RunHistory } from './run-history.ts'

const whenText = (step: number): string =>
  step === 0 ? 'before training' : `after the synchronization at step ${countText(step)}`

/** @param places of a weight vector, in words that a visitor can picture. */
export const placesText = (places: number, length: number): string =>
  `${places >= 10 ? places.toFixed(0) : places.toPrecision(2)} of ${countText(length)} places`

export const neuronCaption = ({ image, layer, neuron, step }: NeuronView): string => {
  if (image === null) return `The incoming weights of ${layer} make no square image; choose another layer.`
  const { before, now } = image
  let moved = 0
  for (let i = 0; i < before.length; i++) if (before[i] !== now[i]) moved++
  const [first, last] = [before, now].map((values) => values.slice().sort())
  const isSame = first.every((value, i) => value === last[i])
  const values = isSame
    ? 'as many weights of each value as before: none is new, none is gone'
    : 'not all of its values are those from before'
  return `As in Figure 4: neuron ${countText(neuron)} of ${layer}, ${whenText(step)}. ${countText(moved)} of its ${countText(before.length)} places hold another weight, and there are ${values}.`
}

/** Mean change of LaPerm's loss across its last synchronizations; null where points lie too far apart to tell. */
const stepOverSyncs = (
  { losses, syncs }: Pick<RunHistory, 'losses' | 'syncs'>,
  window: number,
): number | null => {
  const { steps, values } = losses.laperm
  const changes = syncs.slice(-10).flatMap((sync, i, those) => {
    if (i > 0 && sync - those[i - 1] < 2 * window) return []
    const after = steps.findIndex((step) => step - window >= sync)
    const before = steps.findLastIndex((step) => step <= sync)
    return after === -1 || before === -1 ? [] : [values[after] - values[before]]
  })
  return changes.length === 0 ? null : changes.reduce((sum, change) => sum + change, 0) / changes.length
}

/** @param window batches that a point of the chart is the mean of. */
export const lossCaption = (history: Pick<RunHistory, 'losses' | 'syncs'>, window: number): string => {
  const what = `Mean of ${window} batches a point, without the L2 penalty.`
  const change = stepOverSyncs(history, window)
  if (change === null) return what
  const size = Math.abs(change).toPrecision(2)
  return `${what} Across its last synchronizations LaPerm's loss has ${change > 0 ? 'risen' : 'fallen'} by ${size} on average.`
}

export const accuracyCaption = ({ accuracies }: Pick<RunHistory, 'accuracies'>): string => {
  const what =
    'As in Figure 5 of the paper. LaPerm is measured right after a synchronization, when its weights are only moved ones.'
  const [own, adam] = [accuracies.laperm.values.at(-1), accuracies.adam.values.at(-1)]
  if (own === undefined || adam === undefined || accuracies.laperm.steps.at(-1) === 0) return what
  const points = 100 * (own - adam)
  const size = Math.abs(points).toFixed(1)
  return `${what} It now reads ${size === '0.0' ? 'as many images as Adam' : `${size} points ${points > 0 ? 'more' : 'less'} than Adam`}.`
}

export const distanceCaption = ({ distances }: Pick<RunHistory, 'distances'>, length: number): string => {
  const what =
    "As in Figure 3, for LaPerm's first matrix, every tenth step: how far one step moves a weight in the order of its neuron."
  const value = distances.values.at(-1)
  return value === undefined
    ? what
    : `${what} At step ${countText(distances.steps.at(-1) ?? 0)}: ${placesText(value * length, length)} on average.`
}

/** Pearson's correlation; NaN where one of them is constant. */
const correlation = (a: Float32Array, b: Float32Array): number => {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB)
    aa += (a[i] - meanA) ** 2
    bb += (b[i] - meanB) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

export const lapermSortedCaption = ({ sorted: { initial, laperm } }: Pick<Snapshot, 'sorted'>): string => {
  const what = 'As in Figures 1 and 2: each line is one neuron, its weights in ascending order.'
  const other = laperm.reduce((sum, value, i) => sum + (value === initial[i] ? 0 : 1), 0)
  return `${what} ${
    other === 0
      ? `All ${countText(laperm.length)} values drawn here are θ₀'s, bit for bit.`
      : `${countText(other)} of the ${countText(laperm.length)} values drawn here are not θ₀'s.`
  }`
}

export const adamSortedCaption = ({ sorted: { initial, adam } }: Pick<Snapshot, 'sorted'>): string => {
  const changed = adam.reduce((sum, value, i) => sum + (value === initial[i] ? 0 : 1), 0)
  if (changed === 0) return 'The same layer trained by Adam: no value has changed yet.'
  const what = `The same layer trained by Adam: ${percentText(changed / adam.length)} of the values drawn here have changed.`
  const likeness = correlation(initial, adam)
  if (!Number.isFinite(likeness)) return what
  return `${what} The profile's correlation with θ₀'s is ${likeness.toFixed(3)}${
    likeness > 0.98
      ? ': it keeps its shape, which is why moving can be enough.'
      : ': it has another shape by now.'
  }`
}
