/** Beyond the paper: what order alone is worth. Trained networks get other values, dealt out by rank. */
import type { Figure, ScaledFigure } from '../figure.ts'
import type { Variant } from '../variants/variant.ts'
import { fig5 } from './fig5.ts'

const shown = ['LaPerm, He uniform', 'Adam'] as const

const variants: readonly Variant[] = [
  { kind: 'asTrained' },
  { kind: 'otherSeed' },
  { kind: 'located', theta: 'mean' },
  { kind: 'located', theta: 'gaussian' },
  { kind: 'located', theta: 'three' },
  { kind: 'located', theta: 'two' },
  { kind: 'shuffled' },
]

/** Runs of Figure 5, which are trained once for both. */
const ofFig5 = ({ curves, seeds, differs }: ScaledFigure): ScaledFigure => ({
  curves: curves
    .filter(({ label }) => shown.some((name) => name === label))
    .map((curve) => ({ ...curve, variants })),
  seeds,
  differs: ['The paper has no such measurement.', ...differs],
})

export const beyondOrder: Figure = {
  name: 'beyond-order',
  title: 'What order alone is worth',
  section: 'Beyond the paper, after Section 5.3',
  caption:
    'Conv7 of Figure 5, trained with LaPerm and with Adam, whose kernels get other values: each weight vector keeps its order and gets the initial values of another seed, the mean values of its layer, a Gaussian\u2019s quantiles, three values or two. The control has its own values at random places.',
  scales: {
    smoke: ofFig5(fig5.scales.smoke),
    small: ofFig5(fig5.scales.small),
    paper: ofFig5(fig5.scales.paper),
  },
  panels: () => shown.map((curve) => ({ kind: 'variants', title: `Trained with ${curve}`, curve })),
  numbers: [],
}
