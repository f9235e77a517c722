/** The directory of a run that somebody names: a path, or what `laperm runs` calls a run below `runs`. */
import { existsSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'

/** Where `laperm train` puts runs. */
export const usualDirectory = 'runs'

/** @returns the path as it was given; where nothing is there, and a run below `runs` has this name, that one's. */
export const runPath = (named: string): string => {
  if (isAbsolute(named) || normalize(named).startsWith('..') || existsSync(named)) return named
  const below = join(usualDirectory, named)
  return existsSync(below) ? below : named
}
