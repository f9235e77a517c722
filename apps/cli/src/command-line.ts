/** The command as it was typed, for a run's `config.json`. */
import { shellWord } from './shell-word.ts'

/** A user's name and password in an address, as in `redis://me:secret@host`: a password can have an @, too. */
const credentials = /(\b[a-z][a-z0-9+.-]*:\/\/)\S*@/gi

/**
 * A line that can be pasted into a shell. Passwords in addresses are left out.
 *
 * @param words behind the program's name.
 */
export const commandLineOf = (words: readonly string[], platform?: NodeJS.Platform): string =>
  ['laperm', ...words].map((word) => shellWord(word.replace(credentials, '$1***@'), platform)).join(' ')
