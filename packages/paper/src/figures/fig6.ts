/** Figure 6: Conv4 on CIFAR-10 over the sync period k, dense and half pruned, beside Adam with the pruned weights frozen. */

import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, type Line, seedsTo, withCommon } from '../figure.ts'
import { narrowed, recipeSettings } from '../networks/narrowed.ts'

/** The paper's; an epoch has 1,000 steps there. */
const paperPeriods = [1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]

const dense = (k: number) => `k = ${k}`
const sparse = (k: number) => `k = ${k}, p = 50%`
const adam = 'Adam'
const frozenAdam = 'Adam, p = 50% frozen'

const curvesOf = (model: ExperimentSettings['model'], periods: readonly number[]): readonly Curve[] => [
  ...periods.map(
    (k): Curve => ({
      label: dense(k),
      // The longest period is the one whose inner optimizer is shown beside it.
      settings: { model, outer: { syncPeriod: k }, evaluateInner: k === periods.at(-1) },
    }),
  ),
  { label: adam, settings: { model, optimizer: 'adam' } },
  { label: frozenAdam, settings: { model, optimizer: 'adam', sparsity: 0.5, frozenZeros: true } },
  ...periods.map(
    (k): Curve => ({ label: sparse(k), settings: { model, outer: { syncPeriod: k }, sparsity: 0.5 } }),
  ),
]

/** Where Figure 6 (b) ends and (c) begins: epoch 60 of 90. */
const early = 2 / 3

const testOf = (labels: readonly string[]): readonly Line[] =>
  labels.map((curve) => ({ curve, measure: 'test' }))

const tiny = narrowed('conv4', { divideBy: 16, inputShape: [28, 28, 1] })
const quarter = narrowed('conv4', { divideBy: 4 })

export const fig6: Figure = {
  name: 'fig6',
  title: 'The sync period k',
  section: 'Figure 6, Sections 5.2 and 5.4',
  caption:
    'Conv4 on CIFAR-10, batches of 50, 90 epochs, k from 1 to 2000. Accuracies are right after a synchronization; epochs without one have none.',
  scales: {
    smoke: {
      curves: withCommon(
        {
          ...recipeSettings('conv4'),
          dataset: 'digits',
          augmentation: null,
          limit: 200,
          testLimit: 100,
          trainExamples: 100,
          epochs: 2,
        },
        curvesOf(tiny, [1, 4]),
      ),
      seeds: seedsTo(1),
      differs: ['A sixteenth of Conv4\u2019s filters on 200 drawn digits, 2 epochs, k = 1 and 4.'],
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
        curvesOf(quarter, [1, 2, 5, 10, 20, 50, 100, 200]),
      ),
      seeds: seedsTo(1),
      differs: [
        'A quarter of Conv4\u2019s filters and units (a sixteenth of its weights), 5,000 training and 2,000 test images; training accuracy of 2,000 in place of 30,000.',
        'An epoch has 100 steps in place of 1,000, so k goes up to 200 in place of 2000: two epochs, as in the paper.',
        '36 epochs in place of 90, the learning rate times 0.6 every 4 epochs in place of 10; one seed.',
      ],
    },
    paper: {
      curves: withCommon(
        { dataset: 'cifar10', epochs: 90, trainExamples: 30_000 },
        curvesOf('conv4', paperPeriods),
      ),
      seeds: seedsTo(1),
      differs: ['Inputs have zero mean and unit variance; the authors\u2019 code leaves them at 0 to 255.'],
    },
  },
  panels: ({ curves }) => {
    const labels = curves.map(({ label }) => label)
    const denseLabels = labels.filter((label) => /^k = \d+$/.test(label))
    const sparseLabels = labels.filter((label) => label.endsWith('p = 50%') || label === frozenAdam)
    const last = denseLabels.at(-1) ?? ''
    return [
      { kind: 'epochs', title: '(a) Test accuracy', lines: testOf([...denseLabels, adam]) },
      {
        kind: 'epochs',
        title: '(a) Training accuracy, random examples',
        lines: [...denseLabels, adam].map((curve) => ({ curve, measure: 'trained' })),
      },
      {
        kind: 'epochs',
        title: '(b) Early, smoothed',
        range: [0, early],
        isSmoothed: true,
        lines: testOf(denseLabels),
      },
      {
        kind: 'epochs',
        title: '(c) Late, smoothed',
        range: [early, 1],
        isSmoothed: true,
        lines: testOf(denseLabels),
      },
      {
        kind: 'epochs',
        title: `(d) ${last}: before and after synchronizing`,
        lines: [
          { curve: last, measure: 'test', label: 'synchronized' },
          { curve: last, measure: 'inner', label: 'inner optimizer' },
        ],
      },
      { kind: 'epochs', title: '(e) Half of the weights pruned', lines: testOf(sparseLabels) },
      {
        kind: 'against',
        title: 'Best test accuracy by k',
        axis: 'k',
        isLogarithmic: true,
        lines: [
          { label: 'dense', points: pointsOf(denseLabels) },
          { label: 'p = 50%', points: pointsOf(sparseLabels) },
        ],
      },
    ]
  },
  numbers: [],
}

/** The period that a label names. */
const pointsOf = (labels: readonly string[]): readonly (readonly [number, readonly string[]])[] =>
  labels.flatMap((label) => {
    const k = /^k = (\d+)/.exec(label)?.[1]
    return k === undefined ? [] : [[Number(k), [label]] as const]
  })
