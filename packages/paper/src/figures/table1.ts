/** Table 1: the networks. Nothing is trained. */
import { inferShapes, recipes, type ZooName, zoo } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { Figure, ScaledFigure } from '../figure.ts'

/** The paper's weights, of convolutions, and log10 of the number of permutations (Section 5.2). */
const stated: readonly (readonly [ZooName, string, string, string])[] = [
  ['conv7', '325k', '326k', '8e5'],
  ['conv2', '4.3M', '38K', '1.6e7'],
  ['conv4', '2.4M', '260K', '8e6'],
  ['conv13', '14.9M', '14.7M', '5e7'],
  ['resnet50', '760K', '760K', '\u2013'],
]

const logOfFactorial = (n: number): number => {
  let sum = 0
  for (let i = 2; i <= n; i++) sum += Math.log10(i)
  return sum
}

const count = (value: number): string => value.toLocaleString('en-US')

const rowOf = ([name, all, ofConvolutions, permutations]: (typeof stated)[number]): readonly string[] => {
  const inferred = inferShapes(zoo[name])
  if (E.isLeft(inferred)) throw new TypeError(`${name} does not infer`)
  const kernels = inferred.right.parameters.filter(({ role }) => role === 'kernel')
  const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)
  const sum = (chosen: typeof kernels): number =>
    chosen.reduce((total, { shape }) => total + sizeOf(shape), 0)
  const logs = kernels.reduce((total, { shape }) => {
    const vectors = shape[shape.length - 1]
    return total + vectors * logOfFactorial(sizeOf(shape) / vectors)
  }, 0)
  const { epochs, batchSize } = recipes[name]
  return [
    name,
    count(sum(kernels)),
    all,
    count(sum(kernels.filter(({ shape }) => shape.length === 4))),
    ofConvolutions,
    logs.toExponential(1),
    permutations,
    `${epochs} / ${batchSize}`,
  ]
}

const nothing: ScaledFigure = { curves: [], seeds: [], differs: [] }

export const table1: Figure = {
  name: 'table1',
  title: 'The networks',
  section: 'Table 1, Section 5',
  caption:
    'Weights of kernels, of the whole network and of its convolutions, and log10 of how many networks their reconnection reaches: the product of the factorials of all weight vectors\u2019 lengths. Each column of ours has the paper\u2019s beside it.',
  scales: { smoke: nothing, small: nothing, paper: nothing },
  panels: () => [
    {
      kind: 'facts',
      title: 'Counted here, and as the paper has it',
      columns: [
        'network',
        'weights',
        'paper',
        'of convolutions',
        'paper',
        'log10 of permutations',
        'paper',
        'epochs / batch',
      ],
      rows: stated.map(rowOf),
    },
  ],
  numbers: [],
}
