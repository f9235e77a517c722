/**
 * What a figure or table of the paper is as data: the runs that it consists of, how they are drawn, and the paper's own numbers.
 *
 * Nothing is trained or drawn here. Each figure is a file of `figures/`.
 */
import type { ExperimentSettings } from '@laperm/train'
import type { Variant } from './variants/variant.ts'

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
  /** N_S: each seed starts from the shuffled best weights of this curve's run of the same seed. */
  readonly shuffledFrom?: string
  /** Each seed prunes this share of all weights, those that are smallest in the best weights of this curve's run of the same seed. */
  readonly prunedBy?: { readonly curve: string; readonly fraction: number }
  /** A curve of the same figure: a seed is trained only where that one's run has diverged, as the next smaller k of a grid (Section 5.4). */
  readonly ifDiverged?: string
  /** What each finished run is also measured as. */
  readonly variants?: readonly Variant[]
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
 * What is read of a run's epochs. Accuracies in percent: `test` right after a synchronization, `inner` just before it, `train` of the epoch's
 * batches as they were trained on, `trained` of random training examples where `test` was measured. `testLoss` in nats. `rankingMean` and
 * `rankingDeviation`: of the first kernel that is watched, the mean over the epoch in percent of the vector's length.
 */
export const measures = [
  'test',
  'inner',
  'train',
  'trained',
  'testLoss',
  'rankingMean',
  'rankingDeviation',
] as const
/** One of `measures`. */
export type Measure = (typeof measures)[number]

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
      /** Test accuracy of each of a curve's variants, a row a variant. */
      readonly kind: 'variants'
      readonly title: string
      readonly curve: string
    }
  | {
      /** Test accuracy of the variants with one shared value, against that value. */
      readonly kind: 'swept'
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
        /** Where several curves stand, of one grid over k in ascending order, the last that does not diverge counts (Section 5.4). */
        readonly points: readonly (readonly [x: number, curves: readonly string[]])[]
      }[]
    }
  | {
      /** Figures 1 and 2: the sorted weight vectors of each kernel of a curve's first run. */
      readonly kind: 'profiles'
      readonly title: string
      readonly curve: string
    }
  | {
      /** Figure 4: one weight vector of a curve's first run before and after training, with lines between equal weights. */
      readonly kind: 'reconnection'
      readonly title: string
      readonly curve: string
    }
  | {
      /** What needs no runs: Table 1. */
      readonly kind: 'facts'
      readonly title: string
      readonly columns: readonly string[]
      readonly rows: readonly (readonly string[])[]
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
  /** What is drawn, from top to bottom, at a scale. */
  readonly panels: (scaled: ScaledFigure) => readonly Panel[]
  readonly numbers: readonly PaperNumber[]
}

/** Every curve that a panel draws. */
export const curvesOfPanel = (panel: Panel): readonly string[] => {
  switch (panel.kind) {
    case 'epochs':
      return panel.lines.map(({ curve }) => curve)
    case 'rows':
    case 'swept':
      return panel.curves
    case 'against':
      return panel.lines.flatMap(({ points }) => points.flatMap(([, curves]) => curves))
    case 'profiles':
    case 'reconnection':
    case 'variants':
      return [panel.curve]
    case 'facts':
      return []
    default:
      return panel satisfies never
  }
}

/** Seeds from 1 on. */
export const seedsTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1)

/** Every curve with settings that all have in common; a curve's own win. */
export const withCommon = (common: Partial<ExperimentSettings>, curves: readonly Curve[]): readonly Curve[] =>
  curves.map((curve) => ({ ...curve, settings: { ...common, ...curve.settings } }))
