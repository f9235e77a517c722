/** Beyond the paper: must permutation go along with training, or is it enough to permute theta_0 once, by the weights that Adam ends with? */
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, type ScaledFigure, seedsTo } from '../figure.ts'
import { recipeSettings } from '../networks/narrowed.ts'

const once = 'once, at the end'

/**
 * @param steps of the whole run: with k as long the only synchronization is the last step's.
 * @param periods before that, ascending.
 */
const curvesOf = (
  common: ExperimentSettings,
  steps: number,
  periods: readonly (readonly [label: string, k: number])[],
): readonly Curve[] => [
  ...periods.map(([label, syncPeriod]): Curve => ({ label, settings: { ...common, outer: { syncPeriod } } })),
  { label: once, settings: { ...common, outer: { syncPeriod: steps }, evaluateInner: true } },
  { label: 'Adam', settings: { ...common, optimizer: 'adam' } },
]

const mlp = { ...recipeSettings('mlp'), model: 'mlp', sparsity: 0 } as const
const noNumbers = 'The paper has no such experiment.'

/** 60,000 images in batches of 50. */
const stepsPerEpoch = 1200

const whole = (seeds: number): ScaledFigure => ({
  curves: curvesOf({ ...mlp, dataset: 'mnist', epochs: 15 }, 15 * stepsPerEpoch, [
    ['k = 20', 20],
    ['k = 200', 200],
    ['every epoch', stepsPerEpoch],
    ['every 5 epochs', 5 * stepsPerEpoch],
  ]),
  seeds: seedsTo(seeds),
  differs: [noNumbers],
})

export const beyondEnd: Figure = {
  name: 'beyond-end',
  title: 'Permuted only at the end',
  section: 'Beyond the paper, after Figure 6',
  caption:
    '784-100-100-10 on MNIST, 15 epochs: LaPerm with longer and longer sync periods, up to one synchronization at the very end, when the initial weights are put in the order of what is then an ordinary Adam run.',
  scales: {
    smoke: {
      curves: curvesOf({ ...mlp, dataset: 'digits', limit: 200, testLimit: 100, epochs: 2 }, 8, [
        ['k = 2', 2],
      ]),
      seeds: seedsTo(1),
      differs: [noNumbers, '200 drawn digits in place of MNIST, 2 epochs, k = 2.'],
    },
    small: whole(2),
    paper: whole(5),
  },
  panels: ({ curves }) => [
    { kind: 'rows', title: 'Best test accuracy', curves: curves.map(({ label }) => label) },
    {
      kind: 'epochs',
      title: 'Test accuracy',
      lines: curves.map(({ label }) => ({ curve: label, measure: label === once ? 'inner' : 'test' })),
    },
  ],
  numbers: [],
}
