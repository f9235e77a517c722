/** Text of a file, a network or another program for people: nothing in it moves a cursor, turns the writing or changes a title. */

/** Control characters, those that turn the direction of writing, and separators of lines: a terminal would obey them. */
const controls = /[\p{C}\p{Zl}\p{Zp}]/gu

/** The same text with `\u{1b}` for an escape character, and so on. */
export const escapeControls = (text: string): string =>
  text.replace(controls, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
