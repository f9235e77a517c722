/** Every figure and table, in the paper's order. */
import type { Figure } from '../figure.ts'
import { fig5 } from './fig5.ts'
import { fig6 } from './fig6.ts'
import { fig10 } from './fig10.ts'

export const figures: readonly Figure[] = [fig5, fig6, fig10]

/** Names of all figures, as people type them. */
export const figureNames: readonly string[] = figures.map(({ name }) => name)
