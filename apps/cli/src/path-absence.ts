/** Why nothing can be had from a path: nothing is there, a link leads nowhere, or the system does not let us look. */
import { lstatSync, readlinkSync, statSync } from 'node:fs'
import { systemRefusal } from '@laperm/data/node'
import { pathSuggestion } from './nearest-path.ts'

/** Where the link at a path leads, null where none is. */
const linkTarget = (path: string): string | null =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : null

const missingHint = (path: string): string =>
  /[/\\]~/.test(path)
    ? ' A shell replaces ~ only at the beginning of a word; write the whole path.'
    : pathSuggestion(path)

/** What is to be said of a path where something was to be. */
export interface Absence {
  /** With what may have been meant. */
  readonly sentence: string
  /** Whether the name is not there at all: no link, nothing that is closed to us. */
  readonly isNothing: boolean
}

/**
 * Look for something at a path; null where something is.
 *
 * @param what was to be there: `data set`.
 */
export const absenceAt = (path: string, what: string): Absence | null => {
  try {
    statSync(path)
    return null
  } catch (error) {
    const refusal = systemRefusal(error)
    if (refusal === null) throw error
    if (!refusal.startsWith('ENOENT'))
      return { sentence: `The ${what} ${path} cannot be reached: ${refusal}.`, isNothing: false }
    const target = linkTarget(path)
    const sentence = `There is no ${what} at ${path}`
    return target === null
      ? { sentence: `${sentence}.${missingHint(path)}`, isNothing: true }
      : { sentence: `${sentence}: that is a link to ${target}, where nothing is.`, isNothing: false }
  }
}
