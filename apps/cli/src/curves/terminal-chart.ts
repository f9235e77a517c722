/** Curves in a terminal: lines of braille dots, eight a character, and on the lines of several curves their letters. */
import { letterOf, placeOn, type Series, scaleOf, shareLabel } from './series.ts'

/** Bits of the dots of a braille character, by row and column. @see Unicode, Braille Patterns, U+2800 */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const
const blank = 0x2800

/** Characters between two letters on a line. */
const letterDistance = 16

/** The dots of a line between two points. */
const lineDots = (
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): readonly (readonly [number, number])[] => {
  const steps = Math.max(1, Math.abs(x1 - x0), Math.abs(y1 - y0))
  return Array.from({ length: steps + 1 }, (_, step) => [
    Math.round(x0 + ((x1 - x0) * step) / steps),
    Math.round(y0 + ((y1 - y0) * step) / steps),
  ])
}

/**
 * The lines of a chart of shares over epochs.
 *
 * @param columns of the whole chart, the labels of its axis included.
 * @param rows of its area.
 * @returns nothing where no curve has a point.
 */
export const terminalChart = (
  series: readonly Series[],
  columns: number,
  rows: number,
): readonly string[] => {
  const points = series.flatMap((one) => one.points)
  if (points.length === 0) return []
  const vertical = scaleOf(
    points.map(([, y]) => y),
    Math.max(2, Math.floor(rows / 3)),
  )
  const labels = vertical.ticks.map((tick) => shareLabel(tick, vertical))
  const margin = Math.max(...labels.map(({ length }) => length))
  const width = Math.max(10, columns - margin - 2)
  const epochs = points.map(([x]) => x)
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)]
  const bits = Array.from({ length: rows }, () => new Uint8Array(width))
  const letters = Array.from({ length: rows }, () => new Map<number, string>())
  const dotOf = ([x, y]: readonly [number, number]): readonly [number, number] => [
    Math.round((last === first ? 0.5 : (x - first) / (last - first)) * (2 * width - 1)),
    Math.round((1 - placeOn(vertical, y)) * (4 * rows - 1)),
  ]
  for (const [index, { points: own }] of series.entries()) {
    // Letters of different curves stand in different columns.
    const shift = Math.round(((index + 0.5) * letterDistance) / series.length)
    const places = own.map(dotOf)
    for (const [at, place] of places.entries())
      for (const [x, y] of lineDots(places[at - 1] ?? place, place)) {
        const [column, row] = [x >> 1, y >> 2]
        const cells = bits[row]
        if (cells !== undefined) cells[column] = (cells[column] ?? 0) | (dots[y & 3]?.[x & 1] ?? 0)
        const isMarked = column % letterDistance === shift % letterDistance || own.length === 1
        if (series.length > 1 && isMarked) letters[row]?.set(column, letterOf(index))
      }
  }
  const rowOf = (tick: number): number => Math.min(rows - 1, Math.round((1 - placeOn(vertical, tick)) * rows))
  const labelAt = new Map(vertical.ticks.map((tick, index) => [rowOf(tick), labels[index] ?? '']))
  const area = bits.map((cells, row) => {
    const label = labelAt.get(row)
    const line = [...cells].map(
      (cell, column) => letters[row]?.get(column) ?? (cell === 0 ? ' ' : String.fromCharCode(blank + cell)),
    )
    return `${(label ?? '').padStart(margin)} ${label === undefined ? '│' : '┤'}${line.join('')}`.trimEnd()
  })
  const [from, to] = [`epoch ${first}`, String(last)]
  const axis = `${' '.repeat(margin + 1)}└${'─'.repeat(width)}`
  const below = first === last ? from : from + to.padStart(Math.max(1, width - from.length))
  return [...area, axis, `${' '.repeat(margin + 2)}${below}`]
}
