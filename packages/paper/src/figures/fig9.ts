/** Figure 9: accuracy against the share of weights that are not pruned before training, for every network. */
import type { ZooName } from '@laperm/models'
import type { ExperimentSettings } from '@laperm/train'
import { type Curve, type Figure, type Panel, type ScaledFigure, seedsTo } from '../figure.ts'
import { type Narrowing, narrowed, recipeSettings } from '../networks/narrowed.ts'

const titles = {
  conv7: 'Conv7',
  conv2: 'Conv2',
  conv4: 'Conv4',
  conv13: 'Conv13',
  resnet50: 'ResNet50',
} as const satisfies Partial<Record<ZooName, string>>
type Network = keyof typeof titles
const all = Object.keys(titles) as readonly Network[]

const pruned = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95]

const labelOf = (network: Network, p: number, k: number): string =>
  `${titles[network]}, ${Math.round((1 - p) * 100)}% of weights, k = ${k}`

interface Plan {
  readonly networks: readonly Network[]
  readonly shares: readonly number[]
  readonly modelOf: (name: Network) => ExperimentSettings['model']
  readonly periodsOf: (name: Network) => readonly number[]
  readonly common: (name: Network) => Partial<ExperimentSettings>
}

const curvesOf = ({ networks, shares, modelOf, periodsOf, common }: Plan): readonly Curve[] =>
  networks.flatMap((name) =>
    shares.flatMap((p) =>
      periodsOf(name).map((k): Curve => {
        const settings = { ...recipeSettings(name), ...common(name), model: modelOf(name) }
        return {
          label: labelOf(name, p, k),
          settings: { ...settings, sparsity: p, outer: { syncPeriod: k } },
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
    byShare.set(Number(share), [...(byShare.get(Number(share)) ?? []), label])
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

const isMnist = (name: Network): boolean => name === 'conv7'
const narrow = (narrowing: Narrowing) => (name: Network) =>
  narrowed(name, { ...narrowing, ...(name === 'resnet50' ? { blocks: narrowing.blocks ?? 1 } : {}) })

export const fig9: Figure = {
  name: 'fig9',
  title: 'Accuracy against the share of weights',
  section: 'Figure 9, Section 5.4',
  caption:
    'Every kernel is pruned at random before training, the first by at most 20%. Of a grid over k from 200 to 1000 the largest counts that does not diverge within 50 epochs: weights not finite, or no better than twice chance.',
  scales: {
    smoke: {
      curves: curvesOf({
        networks: ['conv7', 'conv4'],
        shares: [0, 0.7],
        modelOf: narrow({ divideBy: 16, inputShape: [28, 28, 1] }),
        periodsOf: () => [2, 4],
        common: () => ({ dataset: 'digits', augmentation: null, limit: 200, testLimit: 100, epochs: 2 }),
      }),
      seeds: seedsTo(1),
      differs: [
        'A sixteenth of the filters of Conv7 and Conv4 on 200 drawn digits, two shares, k = 2 and 4.',
      ],
    },
    small: {
      curves: curvesOf({
        networks: ['conv7', 'conv4', 'resnet50'],
        shares: [0, 0.5, 0.7, 0.9, 0.95],
        modelOf: narrow({ divideBy: 4, blocks: 1 }),
        periodsOf: (name) => (isMnist(name) ? [20] : [40, 100]),
        common: (name) => ({
          dataset: isMnist(name) ? 'mnist' : 'cifar10',
          limit: 5000,
          testLimit: 2000,
          epochs: 20,
          learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.8, everyEpochs: 1 },
        }),
      }),
      seeds: seedsTo(1),
      differs: [
        'Conv7, Conv4 and one block a stack of ResNet50, each with a quarter of its filters; 5,000 training and 2,000 test images, 20 epochs.',
        'Five shares; k = 20 for Conv7, the larger of 40 and 100 that does not diverge for the others; one seed.',
      ],
    },
    paper: {
      curves: curvesOf({
        networks: all,
        shares: pruned,
        modelOf: (name) => name,
        periodsOf: (name) => (isMnist(name) ? [20, 200, 1000] : [200, 400, 800, 1000]),
        common: (name) => ({ dataset: isMnist(name) ? 'mnist' : 'cifar10' }),
      }),
      seeds: seedsTo(1),
      differs: [
        'The paper does not tell its grid over k: 200, 400, 800 and 1000 here, 20, 200 and 1000 for Conv7. Each is trained to its end.',
      ],
    },
  },
  panels: (scaled) => [panelOf(scaled)],
  numbers: [],
}
