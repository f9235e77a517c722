/** From a figure at a scale to the runs of a sweep. */
import type { DataSource } from '@laperm/runs'
import type { ExpandedRun, ExpandedSweep } from '@laperm/runs/sweep'
import { renderTrainError, resolveExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Curve, Figure, ScaledFigure, ScaleName } from './figure.ts'

/** What tells runs of figures apart. */
export const figureFields = ['figure', 'curve', 'seed'] as const

/** One run of a figure. */
export interface FigureRun extends ExpandedRun {
  readonly figure: string
  readonly curve: string
  readonly seed: number
}

/** What tells a figure's runs apart. */
export const runKey = ({ figure, curve, seed }: Pick<FigureRun, 'figure' | 'curve' | 'seed'>): string =>
  JSON.stringify([figure, curve, seed])

/** Seeds of a curve. */
export const seedsOf = ({ seeds }: ScaledFigure, curve: Curve): readonly number[] => curve.seeds ?? seeds

/**
 * The runs of figures at a scale, each with one thread, so that its bits do not depend on how many run at once.
 *
 * @param source where data are.
 * @param known identities of runs, by {@link runKey}. A run that starts from another's weights is left out while that one's is not known.
 * @throws TypeError when a figure's settings break a rule: the figure is wrong, and not whoever asks for it.
 */
export const figureRuns = (
  figure: Figure,
  scale: ScaleName,
  source: DataSource,
  known: ReadonlyMap<string, string> = new Map(),
): readonly FigureRun[] => {
  const scaled = figure.scales[scale]
  return scaled.curves.flatMap((curve) =>
    seedsOf(scaled, curve).flatMap((seed): readonly FigureRun[] => {
      const { shuffledFrom } = curve
      const from =
        shuffledFrom === undefined
          ? null
          : known.get(runKey({ figure: figure.name, curve: shuffledFrom, seed }))
      if (from === undefined) return []
      const resolved = resolveExperiment({ threads: 1, ...curve.settings, seed, shuffledFrom: from })
      if (E.isLeft(resolved))
        throw new TypeError(`${figure.name} at ${scale}, ${curve.label}: ${renderTrainError(resolved.left)}`)
      return [
        {
          figure: figure.name,
          curve: curve.label,
          seed,
          experiment: resolved.right,
          source,
          choice: [figure.name, curve.label, String(seed)],
        },
      ]
    }),
  )
}

/** Runs as a sweep: what several figures have in common is trained once. */
export const sweepOfRuns = (name: string, runs: readonly FigureRun[]): ExpandedSweep => ({
  name,
  fields: figureFields,
  runs,
})
