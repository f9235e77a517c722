/** Text that came from a file, a network or another program, made fit for a terminal and for one message. */

/** Control characters, those that turn the direction of writing, and separators of lines: a terminal would obey them. */
const controls = /[\p{C}\p{Zl}\p{Zp}]/gu

/** `\u{1b}`, as `@laperm/formats` writes it. */
const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/** The same text with `\u{1b}` for an escape character, and so on: nothing in it moves a cursor or changes a title. */
export const escapeControls = (text: string): string => text.replace(controls, escaped)

/** Lines of our own with foreign text in them: line breaks stay, everything else is escaped. */
export const escapeLines = (text: string): string =>
  text.replace(controls, (character) => (character === '\n' ? character : escaped(character)))

/** A text of at most `most` characters: of a longer one the beginning, the end, and how much is left out. */
export const shorten = (text: string, most: number): string => {
  if (text.length <= most) return text
  const left = Math.floor((most - 40) / 2)
  return `${text.slice(0, left)} ... ${text.length - 2 * left} characters more ... ${text.slice(-left)}`
}

/** One message: escaped and shortened. */
export const plainMessage = (text: string): string => escapeControls(shorten(text, 2000))
