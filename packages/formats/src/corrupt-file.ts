/** How reading a file fails: what was expected, what was found. Parts of the file are shown cut short and without control characters. */
import { escapeControls } from './foreign-text.ts'

/** A file that cannot be read for what it should be. */
export interface CorruptFile {
  readonly _tag: 'CorruptFile'
  readonly path: string
  readonly expected: string
  readonly found: string
  /** What to do, in a sentence; there only where more can be said than "this file is damaged". */
  readonly remedy?: string
}

/** Characters of a foreign text in a message. */
const longestText = 500

/** A foreign text for people, the end of a long one cut off. */
const printable = (text: string): string =>
  escapeControls(text.length > longestText ? `${text.slice(0, longestText)}...` : text)

/** Make a {@link CorruptFile}. */
export const corruptFile = (path: string, expected: string, found: string, remedy?: string): CorruptFile => ({
  _tag: 'CorruptFile',
  path,
  expected: printable(expected),
  found: printable(found),
  ...(remedy === undefined ? {} : { remedy }),
})

/** The error as one or two sentences for people. */
export const renderCorruptFile = ({ path, expected, found, remedy }: CorruptFile): string =>
  `${path}: expected ${expected}, found ${found}${/[.?]$/.test(found) ? '' : '.'}${remedy === undefined ? '' : ` ${remedy}`}`
