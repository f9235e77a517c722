/** Beyond the paper: the weight agnostic networks of Figure 10, measured as such networks are: with one value swept over all weights. */
import type { Figure, ScaledFigure } from '../figure.ts'
import type { Variant } from '../variants/variant.ts'
import { fig10 } from './fig10.ts'

/** The values of Gaier and Ha. */
const values = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]

const variants: readonly Variant[] = [
  { kind: 'asTrained' },
  ...values.map((value): Variant => ({ kind: 'shared', value })),
]

/** Its runs are trained once for both. */
const ofFig10 = ({ curves, seeds, differs }: ScaledFigure): ScaledFigure => ({
  curves: curves.map((curve) => ({ ...curve, variants })),
  seeds,
  differs: ['The paper has no such measurement.', ...differs],
})

export const beyondValues: Figure = {
  name: 'beyond-values',
  title: 'One value, swept at test time',
  section: 'Beyond the paper, after Figure 10',
  caption:
    'F1 and F2 as they were trained with 0.08 and 0.03, measured with other values in place of these. Without biases their outputs are a positive value\u2019s power times the same numbers, so that every positive value must give one accuracy, up to rounding; what a negative one gives is not given.',
  scales: {
    smoke: ofFig10(fig10.scales.smoke),
    small: ofFig10(fig10.scales.small),
    paper: ofFig10(fig10.scales.paper),
  },
  panels: ({ curves }) => [
    { kind: 'swept', title: 'Test accuracy by the shared value', curves: curves.map(({ label }) => label) },
  ],
  numbers: [],
}
