/** Beyond the paper: does a sync period that grows win both ends of Figure 6, the fast start of a small k and the good end of a large one? */
import type { SyncPeriodSpec } from '@laperm/core'
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, seedsTo, withCommon } from '../figure.ts'
import { narrowed, recipeSettings } from '../networks/narrowed.ts'

const growing = (small: number, large: number, fromStep: number): SyncPeriodSpec => ({
  kind: 'steps',
  periods: [
    { fromStep: 1, period: small },
    { fromStep, period: large },
  ],
})

/** @param steps of the whole run. */
const curvesOf = (
  model: ExperimentSettings['model'],
  small: number,
  large: number,
  steps: number,
): readonly Curve[] => [
  { label: `k = ${small}`, settings: { model, outer: { syncPeriod: small } } },
  { label: `k = ${large}`, settings: { model, outer: { syncPeriod: large } } },
  ...[1 / 3, 2 / 3].map(
    (share): Curve => ({
      label: `k = ${small}, from ${Math.round(share * 100)}% on ${large}`,
      settings: { model, outer: { syncPeriod: growing(small, large, Math.round(share * steps) + 1) } },
    }),
  ),
  { label: 'Adam', settings: { model, optimizer: 'adam' } },
]

const tiny = narrowed('conv4', { divideBy: 16, inputShape: [28, 28, 1] })
const quarter = narrowed('conv4', { divideBy: 4 })
const noNumbers = 'The paper has no such experiment.'

export const beyondSchedules: Figure = {
  name: 'beyond-schedules',
  title: 'A sync period that grows',
  section: 'Beyond the paper, after Figure 6',
  caption:
    'Conv4 on CIFAR-10 as in Figure 6: a small k throughout, a large one, and a small one that becomes large after a third or two thirds of the steps.',
  scales: {
    smoke: {
      curves: withCommon(
        {
          ...recipeSettings('conv4'),
          dataset: 'digits',
          augmentation: null,
          limit: 200,
          testLimit: 100,
          epochs: 2,
        },
        curvesOf(tiny, 1, 4, 8),
      ),
      seeds: seedsTo(1),
      differs: [noNumbers, 'A sixteenth of Conv4\u2019s filters on 200 drawn digits, 2 epochs, k = 1 and 4.'],
    },
    small: {
      curves: withCommon(
        {
          ...recipeSettings('conv4'),
          dataset: 'cifar10',
          limit: 5000,
          testLimit: 2000,
          trainExamples: 2000,
          epochs: 36,
          learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.6, everyEpochs: 4 },
        },
        curvesOf(quarter, 10, 200, 3600),
      ),
      seeds: seedsTo(1),
      differs: [noNumbers, 'The small scale of Figure 6: a quarter of the filters, 5,000 images, 36 epochs.'],
    },
    paper: {
      curves: withCommon(
        { dataset: 'cifar10', epochs: 90, trainExamples: 30_000 },
        curvesOf('conv4', 50, 2000, 90_000),
      ),
      seeds: seedsTo(1),
      differs: [noNumbers],
    },
  },
  panels: ({ curves }) => [
    {
      kind: 'epochs',
      title: 'Test accuracy',
      lines: curves.map(({ label }) => ({ curve: label, measure: 'test' })),
    },
    { kind: 'rows', title: 'Best test accuracy', curves: curves.map(({ label }) => label) },
  ],
  numbers: [],
}
