/** Text that came from a file, a network or another program, made fit for a terminal and for one message. */

/** Control characters, and those that turn the direction of writing: a terminal would obey them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

const escaped = (character: string): string => {
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** The same text with `\x1b` for an escape character, and so on: nothing in it moves a cursor or changes a title. */
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
