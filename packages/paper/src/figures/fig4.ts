/** Figure 4: one weight vector before and after it was reconnected. */
import { dense, flatten, type Model, relu, softmax } from '@laperm/models'
import { type Curve, type Figure, seedsTo, withCommon } from '../figure.ts'
import { recipeSettings } from '../networks/narrowed.ts'

const oneHidden: Model = {
  name: 'one-hidden',
  inputShape: [28, 28, 1],
  layers: [flatten, dense(100), relu, dense(10), softmax],
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel'],
}

const label = 'LaPerm'
const curves: readonly Curve[] = [{ label, settings: { model: oneHidden, outer: { syncPeriod: 20 } } }]
const size =
  'The paper does not tell the network\u2019s width, k or epochs: 100 units, k = 20, 10 epochs here.'

export const fig4: Figure = {
  name: 'fig4',
  title: 'A reconnected weight vector',
  section: 'Figure 4, Section 4',
  caption:
    'A network with one hidden layer, trained on MNIST. A weight vector of the hidden layer before (top) and after training (bottom); lines lead from where a weight was to where it went.',
  scales: {
    smoke: {
      curves: withCommon(
        {
          ...recipeSettings('mlp'),
          dataset: 'digits',
          limit: 200,
          testLimit: 100,
          epochs: 2,
          outer: { syncPeriod: 2 },
        },
        curves.map(({ settings, ...curve }) => ({
          ...curve,
          settings: { ...settings, outer: { syncPeriod: 2 } },
        })),
      ),
      seeds: seedsTo(1),
      differs: ['200 drawn digits in place of MNIST, 2 epochs, k = 2.', size],
    },
    small: {
      curves: withCommon({ ...recipeSettings('mlp'), dataset: 'mnist', epochs: 10, limit: 20_000 }, curves),
      seeds: seedsTo(1),
      differs: ['20,000 training images in place of 60,000.', size],
    },
    paper: {
      curves: withCommon({ ...recipeSettings('mlp'), dataset: 'mnist', epochs: 10 }, curves),
      seeds: seedsTo(1),
      differs: [size],
    },
  },
  panels: () => [
    { kind: 'reconnection', title: 'A weight vector of the hidden layer', curve: label },
    { kind: 'epochs', title: 'Test accuracy', lines: [{ curve: label, measure: 'test' }] },
  ],
  numbers: [],
}
