/**
 * What a figure or table of the paper is as data: the runs that it consists of, how they are drawn, and the paper's own numbers.
 *
 * Nothing is trained or drawn here. Each figure is a file of `figures/`.
 */
import type { ExperimentSettings } from '@laperm/train'

/**
 * `paper`: the paper's own setting. `small`: ends within an hour a figure on two cores and keeps the comparison. `smoke`: shows within a minute
 * that all parts work; its accuracies say nothing.
 */
export const scaleNames = ['smoke', 'small', 'paper'] as const
/** One of {@link scaleNames}. */
export type ScaleName = (typeof scaleNames)[number]

/** Runs that differ in nothing but their seed. */
export interface Curve {
  /** Unique in the figure; the legend says it. */
  readonly label: string
  /** All but the seed. */
  readonly settings: ExperimentSettings
  /** Default: the scale's. */
  readonly seeds?: readonly number[]
}

/** A figure at a scale. */
export interface ScaledFigure {
  readonly curves: readonly Curve[]
  readonly seeds: readonly number[]
  /** In what it is not the paper's setting, a sentence each; empty at `paper` where nothing differs. */
  readonly differs: readonly string[]
}

/**
 * What is read of a run's epochs. `test`: right after a synchronization. `inner`: just before it. `train`: of the epoch's batches as they were
 * trained on.
 */
export type Measure = 'test' | 'inner' | 'train'

/** A line of a panel: a curve and what of it is drawn. */
export interface Line {
  readonly curve: string
  readonly measure: Measure
  /** Default: the curve's label. */
  readonly label?: string
}

/** A part of a figure. */
export type Panel =
  | {
      /** Accuracy over epochs, with the least and the greatest over the seeds as a band. */
      readonly kind: 'epochs'
      readonly title: string
      readonly lines: readonly Line[]
      /** Of the epochs; default: all. */
      readonly range?: readonly [from: number, to: number]
      /** Locally weighted, as Figure 6 (b) and (c). */
      readonly isSmoothed?: true
    }
  | {
      /** Best test accuracy of each seed, a row a curve. */
      readonly kind: 'rows'
      readonly title: string
      readonly curves: readonly string[]
    }
  | {
      /** Best test accuracy against a number. */
      readonly kind: 'against'
      readonly title: string
      readonly axis: string
      readonly isLogarithmic?: true
      readonly lines: readonly {
        readonly label: string
        readonly points: readonly (readonly [x: number, curve: string])[]
      }[]
    }

/** A number that the paper gives, and what of ours stands beside it: a mean over the seeds of the best test accuracy. */
export interface PaperNumber {
  readonly what: string
  readonly curve: string
  /** The curve whose accuracy is taken off: the number is a difference in points. */
  readonly minus?: string
  /** Percent or points. */
  readonly value: number
  /** The paper's words, or where the number stands. */
  readonly source: string
}

/** A figure or table of the paper. */
export interface Figure {
  /** As people type it: `fig5`. */
  readonly name: string
  readonly title: string
  /** Where it stands in arXiv:2003.02570. */
  readonly section: string
  /** What it shows, in sentences. */
  readonly caption: string
  readonly scales: Readonly<Record<ScaleName, ScaledFigure>>
  readonly panels: (scaled: ScaledFigure) => readonly Panel[]
  readonly numbers: readonly PaperNumber[]
}

/** Seeds from 1 on. */
export const seedsTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1)

/** Every curve with settings that all have in common; a curve's own win. */
export const withCommon = (common: Partial<ExperimentSettings>, curves: readonly Curve[]): readonly Curve[] =>
  curves.map((curve) => ({ ...curve, settings: { ...common, ...curve.settings } }))
