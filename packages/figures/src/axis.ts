/** Scales that end on round numbers or exactly at their values, and their ticks: linear, logarithmic, of steps and of ranks. */
import { formatStep, formatTick, type ValueFormat } from './number-format.ts'

/** A round value of an axis, as it is written. */
export interface Tick {
  readonly value: number
  readonly label: string
}

/** From values to pixels. */
export interface Scale {
  /** The pixel of a value. */
  readonly at: (value: number) => number
  /** Within the range, ascending. */
  readonly ticks: readonly Tick[]
}

/** A range, its ticks in ascending order, and where a value lies in it: 0 at `min`, 1 at `max`. */
export interface Axis {
  readonly min: number
  readonly max: number
  readonly ticks: readonly Tick[]
  /** Where a value lies, as a share of the range. */
  readonly position: (value: number) => number
}

/** The smallest of `mantissas` times a power of ten that is not below. */
const roundUp = (value: number, mantissas: readonly number[] = [1, 2, 5, 10]): number => {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9)
  const mantissa = mantissas.find((each) => each * power >= value * (1 - 1e-9))
  return (mantissa ?? 10) * power
}

const roundDown = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9)
  return ([5, 2, 1].find((each) => each * power <= value * (1 + 1e-9)) ?? 1) * power
}

/**
 * The round distance of ticks: 1, 2 or 5 times a power of ten.
 *
 * @param span above 0.
 * @param most steps that the span has at most.
 */
export const tickStep = (span: number, most: number): number => roundUp(span / most)

/** The nearest double of the decimal number: 3 * 0.1 would be 0.30000000000000004. */
const multipleOf = (step: number, times: number): number => Number((times * step).toPrecision(12))

/** Multiples of `step` from `low` to `high`. */
const ticksWithin = (low: number, high: number, step: number, format: ValueFormat): readonly Tick[] => {
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)]
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const value = multipleOf(step, first + i)
    return { value, label: formatTick(value, step, format) }
  })
}

/** A linear scale exactly as long as the range, which gets a width where it has none. */
export const linearScale = (
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  mostTicks = 4,
): Scale => {
  const [start, end] = high > low ? [low, high] : [low - 1, low + 1]
  return {
    at: (value) => from + ((value - start) / (end - start)) * (to - from),
    ticks: ticksWithin(start, end, tickStep(end - start, mostTicks), 'number'),
  }
}

/**
 * A linear axis around `[low, high]`; its ends are multiples of a quarter of the ticks' distance, so that they change seldom. It starts at 0
 * where it nearly would.
 *
 * @param intervals how many tick distances `[low, high]` may span.
 */
export const linearAxis = (
  low: number,
  high: number,
  intervals: number,
  format: ValueFormat = 'number',
): Axis => {
  const spread = high - low || Math.abs(low) || 1
  const [from, to] = high > low ? [low, high] : [low - spread / 2, high + spread / 2]
  const step = roundUp((to - from) / Math.max(1, intervals), [1, 2, 2.5, 5, 10])
  const min = from >= 0 && from < step ? 0 : multipleOf(step, Math.floor((4 * from) / step + 1e-9) / 4)
  const max = multipleOf(step, Math.ceil((4 * to) / step - 1e-9) / 4)
  return {
    min,
    max,
    ticks: ticksWithin(min, max, step, format),
    position: (value) => (value - min) / (max - min),
  }
}

/** Round places of a positive range, as many as there is room for: 1, 2, 5 times powers of ten, then fewer; its ends where there are no two. */
export const logTicks = (min: number, max: number, maxTicks: number): readonly number[] => {
  const [first, last] = [Math.floor(Math.log10(min) + 1e-9), Math.ceil(Math.log10(max) - 1e-9)]
  const within = (value: number): boolean => value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)
  const decades = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const at = (mantissas: readonly number[]): readonly number[] =>
    decades
      .flatMap((exponent) => mantissas.map((mantissa) => Number(`${mantissa}e${exponent}`)))
      .filter(within)
  const every = (apart: number): readonly number[] =>
    decades
      .filter((exponent) => exponent % apart === 0)
      .map((exponent) => Number(`1e${exponent}`))
      .filter(within)
  const candidates = [at([1, 2, 5]), at([1, 3]), at([1]), every(2), every(3), every(5), every(10)]
  const values = candidates.find(({ length }) => length <= maxTicks) ?? []
  return values.length >= 2 ? values : [min, max]
}

/** A logarithmic axis around `[low, high]`, both positive; ends at 1, 2 or 5 times a power of ten. */
export const logAxis = (
  low: number,
  high: number,
  maxTicks: number,
  format: ValueFormat = 'number',
): Axis => {
  const min = roundDown(low)
  const over = roundUp(high)
  const max = over > min * 1.5 ? over : min * 10
  const span = Math.log(max / min)
  return {
    min,
    max,
    ticks: logTicks(min, max, maxTicks).map((value) => ({ value, label: formatTick(value, value, format) })),
    position: (value) => Math.log(value / min) / span,
  }
}

/**
 * The axis of steps, from 0 to a round number that a growing run reaches seldom: while it grows, nothing on the picture moves.
 *
 * @param maxTicks how many labels there is room for.
 */
export const stepAxis = (lastStep: number, maxTicks: number): Axis => {
  const max = Math.max(10, roundUp(Math.max(1, lastStep), [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]))
  const apart = Math.max(1, roundUp(max / Math.max(1, maxTicks - 1)))
  const ticks = Array.from({ length: Math.floor(max / apart + 1e-9) + 1 }, (_, i) => ({
    value: i * apart,
    label: formatStep(i * apart),
  }))
  return { min: 0, max, ticks, position: (value) => value / max }
}

/** The axis of ranks `0..length - 1`, exactly as long as the vector. */
export const rankAxis = (length: number, intervals: number): Axis => {
  const max = Math.max(1, length - 1)
  const ticks = linearAxis(0, max, intervals)
    .ticks.filter(({ value }) => value <= max && Number.isInteger(value))
    .map(({ value }) => ({ value, label: formatStep(value) }))
  return { min: 0, max, ticks, position: (rank) => rank / max }
}
