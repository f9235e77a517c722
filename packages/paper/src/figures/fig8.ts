/** Figure 8: ResNet50 on CIFAR-10, dense and pruned by 30, 50 and 70%, beside Adam on dense weights. */
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, type Line, type Measure, seedsTo } from '../figure.ts'
import { narrowed, recipeSettings } from '../networks/narrowed.ts'

/** The released networks' sync periods: 400 for dense weights, 800 for sparse ones. */
const curvesOf = (
  model: ExperimentSettings['model'],
  [densePeriod, sparsePeriod]: readonly [number, number],
  common: Partial<ExperimentSettings>,
): readonly Curve[] => {
  const settings = { ...recipeSettings('resnet50'), ...common, model }
  return [
    { label: 'p = 0%', settings: { ...settings, outer: { syncPeriod: densePeriod } } },
    ...[30, 50, 70].map(
      (p): Curve => ({
        label: `p = ${p}%`,
        settings: { ...settings, sparsity: p / 100, outer: { syncPeriod: sparsePeriod } },
      }),
    ),
    { label: 'Adam', settings: { ...settings, optimizer: 'adam' } },
  ]
}

const linesOf = (curves: readonly Curve[], measure: Measure): readonly Line[] =>
  curves.map(({ label }) => ({ curve: label, measure }))

const released = 'the authors\u2019 released weights'
const steps = (epochs: number): ExperimentSettings['learningRate'] => ({
  kind: 'steps',
  initial: 1e-3,
  boundaries: [
    [0.4, 0.1],
    [0.6, 0.01],
    [0.8, 0.001],
    [0.9, 0.0005],
  ].map(([share, factor]) => ({ epoch: Math.round(share * epochs), factor })),
})

export const fig8: Figure = {
  name: 'fig8',
  title: 'ResNet50, reconnected from sparse weights',
  section: 'Figure 8, Section 5.4',
  caption:
    'CIFAR ResNet of depth 50 from He\u2019s uniform weights, 200 epochs; the learning rate is divided by 10 at epochs 80, 120 and 160, by 2 at 180. Before the first drop LaPerm is unstable.',
  scales: {
    smoke: {
      curves: curvesOf(narrowed('resnet50', { divideBy: 8, blocks: 1, inputShape: [28, 28, 1] }), [2, 4], {
        dataset: 'digits',
        augmentation: null,
        limit: 200,
        testLimit: 100,
        trainExamples: 100,
        epochs: 2,
        learningRate: { kind: 'constant', value: 1e-3 },
      }),
      seeds: seedsTo(1),
      differs: ['One narrow block a stack on 200 drawn digits, 2 epochs, k = 2 and 4.'],
    },
    small: {
      curves: curvesOf(narrowed('resnet50', { divideBy: 2, blocks: 2 }), [40, 80], {
        dataset: 'cifar10',
        limit: 5000,
        testLimit: 2000,
        trainExamples: 2000,
        epochs: 40,
        learningRate: steps(40),
      }),
      seeds: seedsTo(1),
      differs: [
        'Two blocks a stack in place of eight and half of the filters, 5,000 training and 2,000 test images, k = 40 (dense) and 80: as much of an epoch as the paper\u2019s.',
        '40 epochs in place of 200, the learning rate falling at the same shares of them; one seed.',
      ],
    },
    paper: {
      curves: curvesOf('resnet50', [400, 800], { dataset: 'cifar10', trainExamples: 30_000 }),
      seeds: seedsTo(1),
      differs: [
        'k is that of the released networks, 400 for dense and 800 for sparse weights; the paper takes the best of 250, 400 and 800.',
      ],
    },
  },
  panels: ({ curves }) => [
    { kind: 'epochs', title: 'Test accuracy', lines: linesOf(curves, 'test') },
    { kind: 'epochs', title: 'Training accuracy, random examples', lines: linesOf(curves, 'trained') },
    { kind: 'rows', title: 'Best test accuracy', curves: curves.map(({ label }) => label) },
  ],
  numbers: [
    { what: 'dense', curve: 'p = 0%', value: 92.53, source: released },
    { what: '30% pruned', curve: 'p = 30%', value: 92.32, source: released },
    { what: '50% pruned', curve: 'p = 50%', value: 92.02, source: released },
    { what: '70% pruned', curve: 'p = 70%', value: 90.97, source: released },
  ],
}
