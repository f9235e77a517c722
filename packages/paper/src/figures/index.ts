/** Every figure and table, in the paper's order, and what goes beyond it. */
import type { Figure } from '../figure.ts'
import { beyondEnd } from './beyond-end.ts'
import { beyondOrder } from './beyond-order.ts'
import { beyondPruning } from './beyond-pruning.ts'
import { beyondSchedules } from './beyond-schedules.ts'
import { beyondValues } from './beyond-values.ts'
import { fig12 } from './fig1-2.ts'
import { fig3 } from './fig3.ts'
import { fig4 } from './fig4.ts'
import { fig5 } from './fig5.ts'
import { fig6 } from './fig6.ts'
import { fig7 } from './fig7.ts'
import { fig8 } from './fig8.ts'
import { fig9 } from './fig9.ts'
import { fig10 } from './fig10.ts'
import { table1 } from './table1.ts'

/** The table. */
export const figures: readonly Figure[] = [
  fig12,
  fig3,
  fig4,
  table1,
  fig5,
  fig6,
  fig7,
  fig8,
  fig9,
  fig10,
  beyondSchedules,
  beyondEnd,
  beyondOrder,
  beyondPruning,
  beyondValues,
]

/** Names of all figures, as people type them. */
export const figureNames: readonly string[] = figures.map(({ name }) => name)
