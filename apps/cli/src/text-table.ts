/** Columns of text that fit a terminal: those that matter least are left out first, and the widest texts are cut. */

import { escapeControls } from '@laperm/formats'
import stringWidth from 'string-width'

/** A column. */
export interface TextColumn<Row> {
  readonly title: string
  readonly text: (row: Row) => string
  /** Numbers stand at the right. */
  readonly isNumber?: true
  /** Columns with the highest number go first where there is no room; one without stays, and its texts are cut. */
  readonly dropsAt?: number
}

const gap = '  '
/** What is left of a column at the least. */
const leastWidth = 12

const graphemes = new Intl.Segmenter()

/** A text of at most `width` columns, with an ellipsis in its middle: names differ at both ends. */
export const cutText = (text: string, width: number): string => {
  if (stringWidth(text) <= width) return text
  const letters = [...graphemes.segment(text)].map(({ segment }) => segment)
  let [head, tail] = ['', '']
  let room = width - 1
  for (let [from, to] = [0, letters.length - 1]; from <= to; ) {
    const isHead = stringWidth(head) <= stringWidth(tail)
    const letter = (isHead ? letters[from++] : letters[to--]) ?? ''
    room -= stringWidth(letter)
    if (room < 0) break
    if (isHead) head += letter
    else tail = letter + tail
  }
  return `${head}…${tail}`
}

const pad = (text: string, width: number, isNumber: boolean): string => {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return isNumber ? blanks + text : text + blanks
}

interface Filled {
  readonly dropsAt: number
  readonly isNumber: boolean
  readonly cells: readonly string[]
  readonly width: number
}

const totalOf = (columns: readonly Filled[]): number =>
  columns.reduce((sum, { width }) => sum + width, gap.length * Math.max(0, columns.length - 1))

/** Leave out columns until the rest fits, or only those that stay are there. */
const dropColumns = (columns: readonly Filled[], most: number): readonly Filled[] => {
  if (totalOf(columns) <= most) return columns
  const [first] = columns.filter(({ dropsAt }) => dropsAt > 0).sort((a, b) => b.dropsAt - a.dropsAt)
  return first === undefined
    ? columns
    : dropColumns(
        columns.filter((column) => column !== first),
        most,
      )
}

/** Cut the widest column that stays until all fit. */
const cutColumns = (columns: readonly Filled[], most: number): readonly Filled[] => {
  const excess = totalOf(columns) - most
  const [widest] = [...columns].sort((a, b) => b.width - a.width)
  if (excess <= 0 || widest === undefined || widest.width <= leastWidth) return columns
  const [, second] = [...columns].sort((a, b) => b.width - a.width)
  const width = Math.max(widest.width - excess, Math.min(second?.width ?? 0, widest.width - 1), leastWidth)
  return cutColumns(
    columns.map((column) => (column === widest ? { ...column, width } : column)),
    most,
  )
}

/**
 * The lines of a table, its titles first.
 *
 * @param most columns of the terminal; undefined leaves out and cuts nothing.
 */
export const tableLines = <Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  most: number | undefined,
): readonly string[] => {
  const filled = columns.map(({ title, text, isNumber = false, dropsAt = 0 }): Filled => {
    const cells = [title, ...rows.map((row) => escapeControls(text(row)))]
    return { dropsAt, isNumber, cells, width: Math.max(...cells.map((cell) => stringWidth(cell))) }
  })
  const fitting =
    most === undefined ? filled : cutColumns(dropColumns(filled, Math.max(most, leastWidth)), most)
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    fitting
      .map(({ cells, width, isNumber }) => pad(cutText(cells[line] ?? '', width), width, isNumber))
      .join(gap)
      .trimEnd(),
  )
}
