/** Numbers from one to another. */

/** More values than any sweep has runs. */
export const mostValues = 1_000_000

/**
 * `from`, `from + step`, ... up to `to`, which belongs to it where a step meets it. Each is rounded to 12 digits, so that 0 to 0.3 by 0.1 ends
 * with 0.3 and not with 0.30000000000000004.
 *
 * @returns the rule that is broken, where one is.
 */
export const rangeValues = (from: number, to: number, step: number): readonly number[] | string => {
  if (![from, to, step].every(Number.isFinite)) return 'its ends and its step must be finite numbers'
  if (step <= 0) return 'its step must be above 0'
  if (to < from) return 'it must not end below its beginning'
  // A step that does not quite meet the end because of rounding does.
  const steps = Math.floor((to - from) / step + 1e-9)
  if (steps >= mostValues) return `it must have at most ${mostValues} values`
  return Array.from({ length: steps + 1 }, (_, i) => Number((from + i * step).toPrecision(12)))
}
