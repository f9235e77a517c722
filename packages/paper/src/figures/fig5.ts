/** Figure 5: Conv7 on MNIST from initial weights of several distributions, beside Adam and Lookahead. */
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, seedsTo, withCommon } from '../figure.ts'
import { narrowed, recipeSettings } from '../networks/narrowed.ts'

const curvesOf = (model: ExperimentSettings['model']): readonly Curve[] => [
  { label: 'LaPerm, He uniform', settings: { model, initializer: { kind: 'heUniform' } } },
  { label: 'LaPerm, He normal', settings: { model, initializer: { kind: 'heNormal' } } },
  { label: 'LaPerm, Glorot uniform', settings: { model, initializer: { kind: 'glorotUniform' } } },
  { label: 'LaPerm, Glorot normal', settings: { model, initializer: { kind: 'glorotNormal' } } },
  { label: 'Adam', settings: { model, initializer: { kind: 'heNormal' }, optimizer: 'adam' } },
  {
    label: 'Lookahead',
    settings: { model, initializer: { kind: 'heNormal' }, optimizer: 'lookahead' },
  },
  { label: 'LaPerm, N_S', settings: { model }, shuffledFrom: 'Adam' },
]
const curves = curvesOf('conv7')
const laperm = curves[0].label
const eighth = narrowed('conv7', { divideBy: 8 })

/** With k = 2: of eight steps four are synchronized. */
const everyOther = ({ settings, ...curve }: Curve): Curve => ({
  ...curve,
  settings: settings.optimizer === 'adam' ? settings : { ...settings, outer: { syncPeriod: 2 } },
})

const source = 'Section 5.1'

export const fig5: Figure = {
  name: 'fig5',
  title: 'MNIST experiments',
  section: 'Figure 5, Section 5.1',
  caption:
    'Conv7 on MNIST, k = 20, batches of 50, 45 epochs, the learning rate times 0.95 an epoch. Test accuracy right after a synchronization; the band is the least and the greatest over the seeds.',
  scales: {
    smoke: {
      curves: withCommon(
        {
          ...recipeSettings('conv7'),
          dataset: 'digits',
          augmentation: null,
          limit: 200,
          testLimit: 100,
          epochs: 2,
        },
        curvesOf(eighth).map(everyOther),
      ),
      seeds: seedsTo(1),
      differs: [
        'An eighth of Conv7\u2019s filters, 200 drawn digits in place of MNIST, 2 epochs, k = 2, one seed.',
      ],
    },
    small: {
      curves: withCommon({ dataset: 'mnist', limit: 6000, epochs: 20 }, curves),
      seeds: seedsTo(2),
      differs: ['6,000 training images in place of 60,000, 20 epochs in place of 45, 2 seeds in place of 5.'],
    },
    paper: { curves: withCommon({ dataset: 'mnist' }, curves), seeds: seedsTo(5), differs: [] },
  },
  panels: () => [
    {
      kind: 'epochs',
      title: 'Test accuracy',
      lines: curves.map(({ label }) => ({ curve: label, measure: 'test' })),
    },
    {
      kind: 'epochs',
      title: 'Test accuracy, the last half',
      range: [0.5, 1],
      lines: curves.map(({ label }) => ({ curve: label, measure: 'test' })),
    },
    { kind: 'rows', title: 'Best test accuracy', curves: curves.map(({ label }) => label) },
  ],
  numbers: [
    { what: 'LaPerm, He uniform', curve: laperm, value: 99.76, source: `${source}: ~0.24% test error` },
    {
      what: 'LaPerm above Adam',
      curve: laperm,
      minus: 'Adam',
      value: 0,
      source: `${source}: slightly outperformed Adam and LA`,
    },
    {
      what: 'LaPerm above Lookahead',
      curve: laperm,
      minus: 'Lookahead',
      value: 0,
      source: `${source}: slightly outperformed Adam and LA`,
    },
    {
      what: 'N_S above Glorot normal',
      curve: 'LaPerm, N_S',
      minus: 'LaPerm, Glorot normal',
      value: 0,
      source: `${source}: similar until the 25th epoch, then it stops improving`,
    },
    {
      what: 'He uniform above Glorot uniform',
      curve: laperm,
      minus: 'LaPerm, Glorot uniform',
      value: 0.1,
      source: `${source}: consistently ~0.1% above`,
    },
    {
      what: 'He normal above Glorot normal',
      curve: 'LaPerm, He normal',
      minus: 'LaPerm, Glorot normal',
      value: 0.1,
      source: `${source}: consistently ~0.1% above`,
    },
  ],
}
