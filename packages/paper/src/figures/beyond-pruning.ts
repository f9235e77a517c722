/** Beyond the paper: where naive pruning collapses, at 90 and 95%, does a better division among the layers hold? */
import { type Model, type ZooName, zoo } from '@laperm/models'
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, seedsTo } from '../figure.ts'
import { erkSparsity } from '../networks/layer-densities.ts'
import { narrowed, recipeSettings } from '../networks/narrowed.ts'

interface Plan {
  readonly name: ZooName
  /** Null: the zoo's own. */
  readonly model: Model | null
  readonly syncPeriod: number
  readonly shares: readonly number[]
  /** Of SynFlow; its paper has 100. */
  readonly rounds: number
  readonly common: Partial<ExperimentSettings>
}

const adam = 'Adam, dense'

const curvesOf = ({ name, model, syncPeriod, shares, rounds, common }: Plan): readonly Curve[] => {
  const dense = { ...recipeSettings(name), ...common, model: model ?? name }
  const settings = { ...dense, outer: { syncPeriod } }
  const network: Model = model ?? zoo[name]
  return [
    { label: 'dense', settings },
    { label: adam, settings: { ...dense, optimizer: 'adam' } },
    ...shares.flatMap((p): readonly Curve[] => {
      const label = (how: string) => `p = ${p * 100}%, ${how}`
      const fractions = erkSparsity(network, p)
      return [
        { label: label('naive'), settings: { ...settings, sparsity: p } },
        { label: label('ERK'), settings: { ...settings, sparsity: { kind: 'perKernel', fractions } } },
        {
          label: label('SynFlow'),
          settings: { ...settings, sparsity: { kind: 'synflow', fraction: p, rounds } },
        },
        { label: label('magnitude'), settings, prunedBy: { curve: adam, fraction: p } },
      ]
    }),
  ]
}

const noNumbers = 'The paper has no such experiment; its Section 5.4 names it as the way to a higher p.'

export const beyondPruning: Figure = {
  name: 'beyond-pruning',
  title: 'Better than naive pruning',
  section: 'Beyond the paper, after Figure 9',
  caption:
    'Conv7 on MNIST, pruned by 90 and 95%: at random the same share of every kernel (the first at most 20%); at random, divided among the kernels by the Erdos-Renyi kernel rule, which keeps small ones denser; by synaptic flow; and where the weights of the same network trained with Adam are smallest. The weights that stay are drawn, and reconnected, in each case.',
  scales: {
    smoke: {
      curves: curvesOf({
        name: 'conv7',
        model: narrowed('conv7', { divideBy: 8 }),
        syncPeriod: 2,
        shares: [0.9],
        rounds: 3,
        common: { dataset: 'digits', augmentation: null, limit: 200, testLimit: 100, epochs: 2 },
      }),
      seeds: seedsTo(1),
      differs: [
        noNumbers,
        'An eighth of Conv7\u2019s filters on 200 drawn digits, 2 epochs, k = 2; 90% alone, 3 rounds of SynFlow.',
      ],
    },
    small: {
      curves: curvesOf({
        name: 'conv7',
        model: null,
        syncPeriod: 20,
        shares: [0.9, 0.95],
        rounds: 20,
        common: { dataset: 'mnist', limit: 6000, epochs: 20 },
      }),
      seeds: seedsTo(1),
      differs: [
        noNumbers,
        '6,000 training images in place of 60,000, 20 epochs in place of 45, one seed; 20 rounds of SynFlow in place of 100.',
      ],
    },
    paper: {
      curves: curvesOf({
        name: 'conv7',
        model: null,
        syncPeriod: 20,
        shares: [0.9, 0.95],
        rounds: 100,
        common: { dataset: 'mnist' },
      }),
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
