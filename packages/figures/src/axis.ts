/** Scales and their ticks. */

/** From values to pixels. */
export interface Scale {
  /** The pixel of a value. */
  readonly at: (value: number) => number
  /** Round values within the range, ascending. */
  readonly ticks: readonly number[]
}

/** Allows for what a quotient of two decimals misses its value by. */
const rounding = 1 - 1e-9

/**
 * The round distance of ticks: 1, 2 or 5 times a power of ten.
 *
 * @param span above 0.
 * @param most steps that the span has at most.
 */
export const tickStep = (span: number, most: number): number => {
  const rough = span / most
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 5, 10].find((step) => step * power >= rough * rounding) ?? 10)
}

/** A linear scale with ticks at round numbers. A range without width gets one. */
export const linearScale = (
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  mostTicks = 4,
): Scale => {
  const [start, end] = high > low ? [low, high] : [low - 1, low + 1]
  const step = tickStep(end - start, mostTicks)
  const first = Math.ceil(start / step)
  const last = Math.floor(end / step)
  return {
    at: (value) => from + ((value - start) / (end - start)) * (to - from),
    ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step),
  }
}

/** A number for an axis: short, without the digits that a sum of steps leaves behind. */
export const tickText = (value: number): string => String(Number(value.toPrecision(6)))
