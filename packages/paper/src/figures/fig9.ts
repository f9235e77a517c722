/** Figure 9: accuracy against the share of weights that are not pruned before training, for every network. */
import type { ZooName } from '@laperm/models'
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, type Panel, type ScaledFigure, seedsTo } from '../figure.ts'
import { type Narrowing, narrowed, recipeSettings } from '../networks/narrowed.ts'

const titles = {
  f1: 'F1',
  f2: 'F2',
  conv7: 'Conv7',
  conv2: 'Conv2',
  conv4: 'Conv4',
  conv13: 'Conv13',
  resnet50: 'ResNet50',
} as const satisfies Partial<Record<ZooName, string>>
type Network = keyof typeof titles

const pruned = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95]

const labelOf = (network: Network, p: number, k: number): string =>
  `${titles[network]}, ${Math.round((1 - p) * 100)}% of weights, k = ${k}`

/** What counts as diverged although the weights are finite: no better than twice chance. */
const chance = 0.2

interface Plan {
  /** Within which a run must not diverge: 50 of the paper's 125. */
  readonly trialEpochs: number
  readonly networks: readonly Network[]
  readonly shares: readonly number[]
  readonly modelOf: (name: Network) => ExperimentSettings['model']
  readonly periodsOf: (name: Network) => readonly number[]
  readonly common: (name: Network) => Partial<ExperimentSettings>
}

/** The grid over k from the largest down: each is trained only where the larger one has diverged. */
const curvesOf = ({ networks, shares, modelOf, periodsOf, common, trialEpochs }: Plan): readonly Curve[] =>
  networks.flatMap((name) =>
    shares.flatMap((p) =>
      [...periodsOf(name)].reverse().map((k, i, periods): Curve => {
        const settings = { ...recipeSettings(name), ...common(name), model: modelOf(name) }
        return {
          label: labelOf(name, p, k),
          settings: {
            ...settings,
            sparsity: p,
            outer: { syncPeriod: k },
            ...(periods.length === 1
              ? {}
              : {
                  trial: { epochs: Math.min(trialEpochs, settings.epochs ?? trialEpochs), accuracy: chance },
                }),
          },
          ...(i === 0 ? {} : { ifDiverged: labelOf(name, p, periods[i - 1]) }),
        }
      }),
    ),
  )

/** What the panel has of a scale, read from its labels: of each network and share the grid over k. */
const panelOf = ({ curves }: ScaledFigure): Panel => {
  const points = new Map<string, Map<number, string[]>>()
  for (const { label } of curves) {
    const [, title = '', share = '0'] = /^(\w+), (\d+)%/.exec(label) ?? []
    const byShare = points.get(title) ?? new Map<number, string[]>()
    // Curves come from the largest k down.
    byShare.set(Number(share), [label, ...(byShare.get(Number(share)) ?? [])])
    points.set(title, byShare)
  }
  return {
    kind: 'against',
    title: 'Best test accuracy by what was left before training',
    axis: '% of weights',
    lines: [...points].map(([label, byShare]) => ({
      label,
      points: [...byShare].sort(([one], [other]) => one - other),
    })),
  }
}

const isF = (name: Network): boolean => name === 'f1' || name === 'f2'
const isMnist = (name: Network): boolean => isF(name) || name === 'conv7'
const narrow = (narrowing: Narrowing) => (name: Network) =>
  narrowed(name, { ...narrowing, ...(name === 'resnet50' ? { blocks: narrowing.blocks ?? 1 } : {}) })

/** F1 and F2 have values of their own here, in place of one that all share. */
const drawn = (name: Network): Partial<ExperimentSettings> =>
  isF(name) ? { initializer: { kind: 'heUniform' } } : {}

export const fig9: Figure = {
  name: 'fig9',
  title: 'Accuracy against the share of weights',
  section: 'Figure 9, Section 5.4',
  caption:
    'Every kernel is pruned at random before training, the first by at most 20% (F1\u2019s only one like the others\u2019). Of a grid over k the largest counts that does not diverge within its trial, 50 epochs of 125: weights not finite, or no better than twice chance. A smaller k is trained only where the larger one has failed.',
  scales: {
    smoke: {
      curves: curvesOf({
        networks: ['conv7'],
        shares: [0, 0.7],
        modelOf: narrow({ divideBy: 16, inputShape: [28, 28, 1] }),
        periodsOf: () => [2, 4],
        trialEpochs: 1,
        common: () => ({ dataset: 'digits', augmentation: null, limit: 200, testLimit: 100, epochs: 2 }),
      }),
      seeds: seedsTo(1),
      differs: [
        'A sixteenth of Conv7\u2019s filters on 200 drawn digits, two shares, 2 epochs, k = 4, or 2 where the first epoch fails.',
      ],
    },
    small: {
      curves: curvesOf({
        networks: ['f1', 'f2', 'conv7', 'conv4', 'resnet50'],
        shares: [0, 0.5, 0.7, 0.9, 0.95],
        modelOf: (name) => (isMnist(name) ? name : narrow({ divideBy: 4, blocks: 1 })(name)),
        periodsOf: (name) => (isF(name) ? [250] : isMnist(name) ? [20] : [40, 100]),
        trialEpochs: 8,
        common: (name) =>
          isF(name)
            ? { ...drawn(name), dataset: 'mnist' }
            : {
                dataset: isMnist(name) ? 'mnist' : 'cifar10',
                limit: 5000,
                testLimit: isMnist(name) ? null : 2000,
                epochs: 20,
                learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.8, everyEpochs: 1 },
              },
      }),
      seeds: seedsTo(1),
      differs: [
        'F1 and F2 as they are, from He\u2019s uniform weights. Conv7 as it is, Conv4 and one block a stack of ResNet50 with a quarter of their filters; of these 5,000 training images (and of CIFAR-10 2,000 test images), 20 epochs.',
        'Five shares; k = 250 for F1 and F2, 20 for Conv7, for the others 100, or 40 where that fails its trial of 8 epochs; one seed.',
      ],
    },
    paper: {
      curves: curvesOf({
        networks: ['f1', 'f2', 'conv7', 'conv2', 'conv4', 'conv13', 'resnet50'],
        shares: pruned,
        modelOf: (name) => name,
        periodsOf: (name) => (isF(name) ? [250] : isMnist(name) ? [20, 200, 1000] : [200, 400, 800, 1000]),
        trialEpochs: 50,
        common: (name) => ({ ...drawn(name), dataset: isMnist(name) ? 'mnist' : 'cifar10' }),
      }),
      seeds: seedsTo(1),
      differs: [
        'The paper does not tell its grid over k: 200, 400, 800 and 1000 here, for Conv7 20, 200 and 1000. It has no F1 and F2, which are trained with k = 250.',
      ],
    },
  },
  panels: (scaled) => [panelOf(scaled)],
  numbers: [],
}
