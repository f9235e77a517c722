/** Figures 1 and 2: the profiles of trained networks. Of any other file `laperm profile` draws them. */
import { type Figure, type ScaledFigure, seedsTo } from '../figure.ts'
import { fig5 } from './fig5.ts'

const shown = ['Adam', 'LaPerm, He uniform'] as const

/** The runs of Figure 5, which are trained once for both. */
const ofFig5 = ({ curves, differs }: ScaledFigure): ScaledFigure => ({
  curves: curves.filter(({ label }) => shown.some((name) => name === label)),
  seeds: seedsTo(1),
  differs: [
    'The paper shows VGG16 trained on ImageNet, whose weights are not among what is trained here: laperm profile draws the figure of any file of weights.',
    ...differs,
  ],
})

export const fig12: Figure = {
  name: 'fig1-2',
  title: 'Similarity of weight profiles',
  section: 'Figures 1 and 2, Section 2',
  caption:
    'The weight vectors of each kernel, each sorted, laid over each other: near-identical curves mean that little but the order tells them apart. R\u00b2 is the share of variance that one common profile explains; beside it the same of weights shuffled among the vectors.',
  scales: {
    smoke: ofFig5(fig5.scales.smoke),
    small: ofFig5(fig5.scales.small),
    paper: ofFig5(fig5.scales.paper),
  },
  panels: () => [
    { kind: 'profiles', title: 'Conv7 trained with Adam', curve: shown[0] },
    {
      kind: 'profiles',
      title: 'Conv7 reconnected with LaPerm: the profiles are those of the start',
      curve: shown[1],
    },
  ],
  numbers: [],
}
