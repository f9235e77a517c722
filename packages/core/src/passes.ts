/**
 * How the parts of a sort are called: each compiled by itself.
 */

/**
 * Something that is done to columns.
 *
 * @param base where the column that it is for begins; 0 for a pass over all four.
 * @param length weights in each.
 * @returns false when the columns are in order now and no other pass is needed.
 */
export type Pass = (base: number, length: number) => boolean

/**
 * Run passes one after the other, until one says that no other is needed.
 *
 * Every sort's passes are called from this one place, which meets so many that V8 does not compile them into one function: together they have more
 * variables than the processor has registers, and take half as long again, or twice.
 */
export const runPasses = (passes: readonly Pass[], base: number, length: number): void => {
  for (let pass = 0; pass < passes.length; pass++) if (!passes[pass](base, length)) return
}
