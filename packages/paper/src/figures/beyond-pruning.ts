/** Beyond the paper: where naive pruning collapses, at 90 and 95%, does a better division among the layers hold? */
import { type Model, type ZooName, zoo } from '@laperm/models'
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, seedsTo } from '../figure.ts'
import { erkSparsity } from '../networks/layer-densities.ts'
import { narrowed, recipeSettings } from '../networks/narrowed.ts'

const shares = [0.9, 0.95]

const curvesOf = (
  name: ZooName,
  model: Model | null,
  syncPeriod: number,
  common: Partial<ExperimentSettings>,
): readonly Curve[] => {
  const settings = { ...recipeSettings(name), ...common, model: model ?? name, outer: { syncPeriod } }
  const network: Model = model ?? zoo[name]
  return [
    { label: 'dense', settings },
    ...shares.flatMap((p): readonly Curve[] => [
      { label: `p = ${p * 100}%, naive`, settings: { ...settings, sparsity: p } },
      {
        label: `p = ${p * 100}%, ERK`,
        settings: { ...settings, sparsity: { kind: 'perKernel', fractions: erkSparsity(network, p) } },
      },
    ]),
  ]
}

const noNumbers = 'The paper has no such experiment; its Section 5.4 names it as the way to a higher p.'

export const beyondPruning: Figure = {
  name: 'beyond-pruning',
  title: 'Better than naive pruning',
  section: 'Beyond the paper, after Figure 9',
  caption:
    'Conv7 on MNIST, pruned at random by 90 and 95%: the same share of every kernel (the first at most 20%), or divided among them by the Erdos-Renyi kernel rule, which keeps small kernels denser.',
  scales: {
    smoke: {
      curves: curvesOf('conv7', narrowed('conv7', { divideBy: 8 }), 2, {
        dataset: 'digits',
        augmentation: null,
        limit: 200,
        testLimit: 100,
        epochs: 2,
      }),
      seeds: seedsTo(1),
      differs: [noNumbers, 'An eighth of Conv7\u2019s filters on 200 drawn digits, 2 epochs, k = 2.'],
    },
    small: {
      curves: curvesOf('conv7', null, 20, { dataset: 'mnist', limit: 6000, epochs: 20 }),
      seeds: seedsTo(1),
      differs: [noNumbers, '6,000 training images in place of 60,000, 20 epochs in place of 45, one seed.'],
    },
    paper: {
      curves: curvesOf('conv7', null, 20, { dataset: 'mnist' }),
      seeds: seedsTo(3),
      differs: [noNumbers],
    },
  },
  panels: ({ curves }) => [
    { kind: 'rows', title: 'Best test accuracy', curves: curves.map(({ label }) => label) },
    {
      kind: 'epochs',
      title: 'Test accuracy',
      lines: curves.map(({ label }) => ({ curve: label, measure: 'test' })),
    },
  ],
  numbers: [],
}
