/** Figure 7: Conv2, Conv4 and Conv13 on CIFAR-10 with LaPerm, Adam and Lookahead. */
import type { ZooName } from '@laperm/models'
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, seedsTo } from '../figure.ts'
import { type Narrowing, narrowed, recipeSettings } from '../networks/narrowed.ts'

const networks = [
  ['Conv2', 'conv2'],
  ['Conv4', 'conv4'],
  ['Conv13', 'conv13'],
] as const satisfies readonly (readonly [string, ZooName])[]

const curvesOf = (
  modelOf: (name: ZooName) => ExperimentSettings['model'],
  syncPeriod: number,
  common: Partial<ExperimentSettings>,
): readonly Curve[] =>
  networks.flatMap(([title, name]): readonly Curve[] => {
    const settings = { ...recipeSettings(name), ...common, model: modelOf(name) }
    return [
      { label: `${title}, LaPerm`, settings: { ...settings, outer: { syncPeriod } } },
      { label: `${title}, Adam`, settings: { ...settings, optimizer: 'adam' } },
      { label: `${title}, Lookahead`, settings: { ...settings, optimizer: 'lookahead' } },
    ]
  })

/** Conv13 has three times the filters of the others in its deepest layers. */
const smaller = (narrowing: Narrowing) => (name: ZooName) =>
  narrowed(name, { ...narrowing, divideBy: name === 'conv13' ? 2 * narrowing.divideBy : narrowing.divideBy })

export const fig7: Figure = {
  name: 'fig7',
  title: 'Conv2, Conv4 and Conv13 on CIFAR-10',
  section: 'Figure 7, Section 5.2',
  caption:
    'From He\u2019s uniform weights, batches of 50, 125 epochs, k = 1000, once an epoch. LaPerm starts slowly and gains on the others, the more the larger the network is.',
  scales: {
    smoke: {
      curves: curvesOf(smaller({ divideBy: 16, inputShape: [28, 28, 1] }), 4, {
        dataset: 'digits',
        augmentation: null,
        limit: 200,
        testLimit: 100,
        epochs: 2,
      }),
      seeds: seedsTo(1),
      differs: ['A sixteenth of the filters (Conv13: a thirty-second) on 200 drawn digits, 2 epochs, k = 4.'],
    },
    small: {
      curves: curvesOf(smaller({ divideBy: 4 }), 100, {
        dataset: 'cifar10',
        limit: 5000,
        testLimit: 2000,
        epochs: 50,
        learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.6, everyEpochs: 4 },
      }),
      seeds: seedsTo(1),
      differs: [
        'A quarter of the filters and units (Conv13: an eighth), 5,000 training and 2,000 test images, k = 100: still once an epoch.',
        '50 epochs in place of 125, the learning rate times 0.6 every 4 epochs in place of 10; one seed.',
      ],
    },
    paper: {
      curves: curvesOf((name) => name, 1000, { dataset: 'cifar10' }),
      seeds: seedsTo(1),
      differs: ['Inputs have zero mean and unit variance; the authors\u2019 code leaves them at 0 to 255.'],
    },
  },
  panels: ({ curves }) => [
    ...networks.map(([title]) => ({
      kind: 'epochs' as const,
      title,
      lines: curves
        .filter(({ label }) => label.startsWith(`${title},`))
        .map(({ label }) => ({ curve: label, measure: 'test' as const })),
    })),
    { kind: 'rows', title: 'Best test accuracy', curves: curves.map(({ label }) => label) },
  ],
  numbers: networks.map(([title], i) => ({
    what: `${title}, LaPerm`,
    curve: `${title}, LaPerm`,
    value: [78.21, 89.17, 92.21][i] ?? 0,
    source: 'the authors\u2019 released weights',
  })),
}
