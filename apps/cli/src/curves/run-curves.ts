/** Curves of runs: what they are called, and their test accuracy epoch by epoch. */
import { differingFields, type ListedRun, type ReadMetrics, wordsOf } from '@laperm/runs'
import type { Series } from './series.ts'

/** Most settings that name a curve; runs that differ in more are called by their names. */
const mostWords = 2

/** Test accuracy right after synchronizations, over epochs. */
export const accuracyCurve = (label: string, { epochs }: ReadMetrics): Series => ({
  label,
  points: epochs.flatMap(({ epoch, test }) => (test === null ? [] : [[epoch, test.accuracy] as const])),
})

/** What tells some runs apart in a few words, `syncPeriod 20, seed 1`; their names where words do not. */
export const labelsOf = (runs: readonly ListedRun[]): readonly string[] => {
  const names = runs.map(({ name }) => name)
  const words = runs.map(({ config }) => (config === null ? {} : wordsOf(config.experiment)))
  const differing = Object.entries(differingFields(words))
  if (differing.length === 0 || differing.length > mostWords) return names
  const labels = runs.map((_, index) =>
    differing.map(([word, values]) => `${word} ${String(values[index] ?? 'none')}`).join(', '),
  )
  return new Set(labels).size === runs.length ? labels : names
}
