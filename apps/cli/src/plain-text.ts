/** Text that came from a file, a network or another program, made fit for a terminal and for one message. */
import { escapeControls } from '@laperm/formats'

/** A text of at most `most` characters: of a longer one the beginning, the end, and how much is left out. */
export const shorten = (text: string, most: number): string => {
  if (text.length <= most) return text
  const left = Math.floor((most - 40) / 2)
  return `${text.slice(0, left)} ... ${text.length - 2 * left} characters more ... ${text.slice(-left)}`
}

/** One message: escaped and shortened. */
export const plainMessage = (text: string): string => escapeControls(shorten(text, 2000))

/** A line on standard error: escaped, and shortened where a text of a file made it long. */
export const errorLine = (text: string): string => escapeControls(shorten(text, 7000))
