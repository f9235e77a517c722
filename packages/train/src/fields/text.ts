/** From text to numbers and names: the one way in which a flag, a link and a form are read. Each throws {@link SettingProblem}. */
import { refuse } from '@laperm/core/settings'

/** Decimal notation only: no `0x10`, no blanks, no `Infinity`. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

/** The number that a text is in decimal notation, null for any other text. `1e400` is infinite. */
export const decimalOf = (text: string): number | null => (decimal.test(text) ? Number(text) : null)

/** A number, which may still be against its field's rule. */
export const readNumber = (text: string, path: string): number =>
  decimalOf(text) ?? refuse(path, text, 'it must be a number in decimal notation')

/** `0.4` or `14/15`. */
export const readShare = (text: string, path: string): number => {
  const [numerator = '', denominator, ...rest] = text.split('/')
  if (rest.length > 0) refuse(path, text, 'it must be a number or a fraction like 14/15')
  return denominator === undefined
    ? readNumber(numerator, path)
    : readNumber(numerator, path) / readNumber(denominator, path)
}

/** A text that is a name already. */
export const readText = (text: string): string => text

/** Names between commas. */
export const readList = (text: string): readonly string[] => text.split(',')
