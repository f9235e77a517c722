/** Figure 10: weight agnostic networks. All weights share one value, and only which of them are zero is learned. */
import { type Curve, type Figure, seedsTo, withCommon } from '../figure.ts'

const naive = { kind: 'perKernel', fractions: [0.9, 0.9, 0.9] } as const
const lessNaive = { kind: 'perKernel', fractions: [14 / 15, 6 / 7, 2 / 3] } as const

const zeroMean = 'unit-minus-mean'

/** The paper does not say how inputs are normalized; weights that are all positive cannot subtract, so both forms are trained. */
const curves: readonly Curve[] = [
  { label: 'F1, 40% pruned', settings: { model: 'f1' } },
  { label: 'F1, 40% pruned, zero-mean inputs', settings: { model: 'f1', normalization: zeroMean } },
  { label: 'F2, 90% pruned', settings: { model: 'f2', sparsity: naive } },
  {
    label: 'F2, 90% pruned, zero-mean inputs',
    settings: { model: 'f2', sparsity: naive, normalization: zeroMean },
  },
  { label: 'F2, less naive', settings: { model: 'f2', sparsity: lessNaive } },
  {
    label: 'F2, less naive, zero-mean inputs',
    settings: { model: 'f2', sparsity: lessNaive, normalization: zeroMean },
  },
]

const source = 'Section 5.5'

export const fig10: Figure = {
  name: 'fig10',
  title: 'Weight agnostic neural networks',
  section: 'Figure 10, Section 5.5',
  caption:
    'F1 (a linear model) and F2 (784-128-64-10) on MNIST, all weights 0.08 and 0.03, k = 250. Best test accuracy right after a synchronization, a dot a seed.',
  scales: {
    smoke: {
      curves: withCommon(
        { dataset: 'digits', limit: 512, testLimit: 200, epochs: 2, outer: { syncPeriod: 2 } },
        curves,
      ),
      seeds: seedsTo(2),
      differs: ['512 drawn digits in place of MNIST, 2 epochs, k = 2, 2 seeds.'],
    },
    small: {
      curves: withCommon({ dataset: 'mnist' }, curves),
      seeds: seedsTo(5),
      differs: ['5 seeds in place of 30; all else is the paper\u2019s.'],
    },
    paper: {
      curves: withCommon({ dataset: 'mnist' }, curves),
      seeds: seedsTo(30),
      differs: [],
    },
  },
  panels: () => [
    { kind: 'rows', title: 'Best test accuracy', curves: curves.map(({ label }) => label) },
    {
      kind: 'epochs',
      title: 'Test accuracy, F1',
      lines: curves.slice(0, 2).map(({ label }) => ({ curve: label, measure: 'test' })),
    },
    {
      kind: 'epochs',
      title: 'Test accuracy, F2',
      lines: curves.slice(2).map(({ label }) => ({ curve: label, measure: 'test' })),
    },
  ],
  numbers: [
    { what: 'F1', curve: curves[0].label, value: 85.5, source: `${source}: ~85.5%` },
    { what: 'F1, zero-mean inputs', curve: curves[1].label, value: 85.5, source: `${source}: ~85.5%` },
    { what: 'F2, 90% pruned', curve: curves[2].label, value: 53, source: `${source}: ~53%` },
    {
      what: 'F2, 90% pruned, zero-mean inputs',
      curve: curves[3].label,
      value: 53,
      source: `${source}: ~53%`,
    },
    { what: 'F2, less naive', curve: curves[4].label, value: 78.14, source: `${source}: 78.14%` },
    {
      what: 'F2, less naive, zero-mean inputs',
      curve: curves[5].label,
      value: 78.14,
      source: `${source}: 78.14%`,
    },
  ],
}
