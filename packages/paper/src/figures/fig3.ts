/** Figure 3: how far ranks move while a network is trained with SGD, with Adam, and with Adam and L2, beside the validation loss. */
import { dense, flatten, type Model, relu, softmax, zoo } from '@laperm/models'
import { type Curve, type Figure, type Measure, type Panel, seedsTo, withCommon } from '../figure.ts'
import { recipeSettings } from '../networks/narrowed.ts'

/** The paper does not say how strong the penalty is; the released networks that have one have this. */
const l2 = 1e-4

const penalized: Model = {
  ...zoo.mlp,
  name: 'mlp-l2',
  layers: [flatten, dense(100, { l2 }), relu, dense(100, { l2 }), relu, dense(10, { l2 }), softmax],
}

const common = { ...recipeSettings('mlp'), epochs: 30, sparsity: 0 } as const
const watched = (count: number) =>
  ({ rankingDistance: { parameters: ['dense1'], every: { kind: 'steps', count } } }) as const

const { learningRate } = recipeSettings('mlp')
const sgdRate =
  typeof learningRate === 'object' && 'kind' in learningRate && learningRate.kind === 'steps'
    ? { ...learningRate, initial: 1e-1 }
    : 1e-1

const curves: readonly Curve[] = [
  { label: '(a) SGD', settings: { model: 'mlp', optimizer: 'sgd', learningRate: sgdRate } },
  { label: '(b) Adam', settings: { model: 'mlp', optimizer: 'adam' } },
  { label: '(c) Adam with L2', settings: { model: penalized, optimizer: 'adam' } },
]

const panel = (title: string, measure: Measure): Panel => ({
  kind: 'epochs',
  title,
  lines: curves.map(({ label }) => ({ curve: label, measure })),
})

export const fig3: Figure = {
  name: 'fig3',
  title: 'Is permutation the essence of learning?',
  section: 'Figure 3, Section 3',
  caption:
    '784-100-100-10 on MNIST, batches of 50, learning rates divided by 2 and then by 5 at epochs 10 and 20. The ranking distance of the first kernel from one step to the next: mean and standard deviation over its weights, in percent of 784, as means over each epoch; and the loss on the test images.',
  scales: {
    smoke: {
      curves: withCommon(
        { ...common, ...watched(1), dataset: 'digits', limit: 200, testLimit: 100, epochs: 2 },
        curves,
      ),
      seeds: seedsTo(1),
      differs: ['200 drawn digits in place of MNIST, 2 epochs in place of 30.'],
    },
    small: {
      curves: withCommon({ ...common, ...watched(1), dataset: 'mnist', limit: 10_000 }, curves),
      seeds: seedsTo(1),
      differs: [
        '10,000 training images in place of 60,000.',
        'The strength of L2, 1e-4, is ours: the paper does not say it.',
      ],
    },
    paper: {
      curves: withCommon({ ...common, ...watched(1), dataset: 'mnist' }, curves),
      seeds: seedsTo(1),
      differs: ['The strength of L2, 1e-4, is ours: the paper does not say it.'],
    },
  },
  panels: () => [
    panel('Mean ranking distance', 'rankingMean'),
    panel('Its standard deviation', 'rankingDeviation'),
    panel('Test loss', 'testLoss'),
    panel('Test accuracy', 'test'),
  ],
  numbers: [],
}
