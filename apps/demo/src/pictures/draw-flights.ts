/** Weights on their way from one image of a neuron to the next, as squares that fly. */
import type { Frame } from './canvas.ts'
import { colourText } from './colour-map.ts'
import type { Flight } from './flights.ts'

/** What is in the air in one tile. */
export interface Airborne {
  /** Ascending by value, so that neighbours mostly share a colour. */
  readonly flights: readonly Flight[]
  /** 0 on the ground where they were, 1 where they will be. */
  readonly progress: number
}

/** Slow at both ends. */
const eased = (share: number): number => share * share * (3 - 2 * share)

/** Let the ground show where a weight has left and none has arrived. @param pixels of the tile, red, green, blue, alpha. */
export const liftOff = (flights: readonly Flight[], pixels: Uint8ClampedArray): void => {
  for (const { from } of flights) pixels[4 * from + 3] = 0
}

/**
 * Draw the squares of a tile whose corner is at `left`, `top`.
 *
 * @param table the colour map of the values from `-limit` to `limit`.
 */
export const drawFlights = (
  { context }: Frame,
  { flights, progress }: Airborne,
  tile: { readonly left: number; readonly top: number; readonly size: number; readonly side: number },
  limit: number,
  table: Uint8ClampedArray,
): void => {
  const { left, top, size, side } = tile
  const cell = size / side
  const share = eased(progress)
  const between = (from: number, to: number): number => from + (to - from) * share
  let last = Number.NaN
  for (const { from, to, value } of flights) {
    if (value !== last) {
      context.fillStyle = colourText(value, limit, table)
      last = value
    }
    const x = between(from % side, to % side)
    const y = between(Math.floor(from / side), Math.floor(to / side))
    context.fillRect(left + x * cell, top + y * cell, cell, cell)
  }
}
