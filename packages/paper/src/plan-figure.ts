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

/** Seeds of a curve. */
export const seedsOf = ({ seeds }: ScaledFigure, curve: Curve): readonly number[] => curve.seeds ?? seeds

/**
 * The runs of figures at a scale, each with one thread, so that its bits do not depend on how many run at once.
 *
 * @param source where data are.
 * @throws TypeError when a figure's settings break a rule: the figure is wrong, and not whoever asks for it.
 */
export const figureRuns = (figure: Figure, scale: ScaleName, source: DataSource): readonly FigureRun[] => {
  const scaled = figure.scales[scale]
  return scaled.curves.flatMap((curve) =>
    seedsOf(scaled, curve).map((seed): FigureRun => {
      const resolved = resolveExperiment({ threads: 1, ...curve.settings, seed })
      if (E.isLeft(resolved))
        throw new TypeError(`${figure.name} at ${scale}, ${curve.label}: ${renderTrainError(resolved.left)}`)
      return {
        figure: figure.name,
        curve: curve.label,
        seed,
        experiment: resolved.right,
        source,
        choice: [figure.name, curve.label, String(seed)],
      }
    }),
  )
}

/** Runs as a sweep: what several figures have in common is trained once. */
export const sweepOfRuns = (name: string, runs: readonly FigureRun[]): ExpandedSweep => ({
  name,
  fields: figureFields,
  runs,
})
