/** Curves of shares over epochs, and the scale that they are drawn on in a terminal. */
import { tickStep } from '@laperm/figures'

/** One curve. */
export interface Series {
  readonly label: string
  /** From left to right: epoch and share. */
  readonly points: readonly (readonly [number, number])[]
}

/** A stretch of an axis that begins and ends at a tick. */
export interface Scale {
  readonly from: number
  readonly to: number
  readonly ticks: readonly number[]
}

/** A scale around some values, with about `count` ticks. */
export const scaleOf = (values: readonly number[], count: number): Scale => {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const step = tickStep(high > low ? high - low : Math.abs(high) * 0.1 || 1, count)
  const from = Math.floor(low / step + 1e-9)
  const to = Math.max(from + 1, Math.ceil(high / step - 1e-9))
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step)
  return { from: from * step, to: to * step, ticks }
}

/** Where a value stands on a scale: 0 at its begin, 1 at its end. */
export const placeOn = ({ from, to }: Scale, value: number): number => (value - from) / (to - from)

/** `98.5%`, with as many digits as neighbouring ticks need. */
export const shareLabel = (share: number, { ticks }: Scale): string => {
  const step = ((ticks[1] ?? 1) - (ticks[0] ?? 0)) * 100
  const digits = Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
  return `${(share * 100).toFixed(digits)}%`
}

/** Letters that name curves in a drawing without colours. */
export const letterOf = (index: number): string => String.fromCharCode(65 + (index % 26))
