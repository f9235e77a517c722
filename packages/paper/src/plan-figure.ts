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

/** What is known of a run that others depend on. */
export interface KnownRun {
  readonly identity: string
  readonly hasDiverged: boolean
}

/**
 * The runs of figures at a scale, each with one thread, so that its bits do not depend on how many run at once.
 *
 * @param source where data are.
 * @param known runs, by {@link runKey}. One that starts from another's weights is left out while that one is not known, one that is trained
 * only where another diverges while that one has not.
 * @throws TypeError when a figure's settings break a rule: the figure is wrong, and not whoever asks for it.
 */
export const figureRuns = (
  figure: Figure,
  scale: ScaleName,
  source: DataSource,
  known: ReadonlyMap<string, KnownRun> = new Map(),
): readonly FigureRun[] => {
  const scaled = figure.scales[scale]
  return scaled.curves.flatMap((curve) =>
    seedsOf(scaled, curve).flatMap((seed): readonly FigureRun[] => {
      const { shuffledFrom, prunedBy, ifDiverged } = curve
      const ofCurve = (label: string) => known.get(runKey({ figure: figure.name, curve: label, seed }))
      if (ifDiverged !== undefined && ofCurve(ifDiverged)?.hasDiverged !== true) return []
      const from = shuffledFrom === undefined ? null : ofCurve(shuffledFrom)?.identity
      if (from === undefined) return []
      const of = prunedBy === undefined ? null : ofCurve(prunedBy.curve)?.identity
      if (of === undefined) return []
      const pruning =
        prunedBy === undefined || of === null
          ? {}
          : { sparsity: { kind: 'magnitude', fraction: prunedBy.fraction, of } as const }
      const resolved = resolveExperiment({
        threads: 1,
        ...curve.settings,
        ...pruning,
        seed,
        shuffledFrom: from,
      })
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
