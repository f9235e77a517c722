/** What the flags of one command mean to each other: a flag that would change nothing is a mistake, and is said. */
import { type CommandFlag, type FlagTable, flagName } from './command.ts'
import { type UsageError, usageError } from './failure.ts'

/** A flag that means something only with one of others, named as in the command's table. */
export const needing = <Flag extends CommandFlag<unknown>>(
  flag: Flag,
  ...needs: readonly [string, ...string[]]
): Flag => ({ ...flag, needs })

/** A flag that means nothing beside others: why, by their names in the command's table. */
export const excluding = <Flag extends CommandFlag<unknown>>(
  flag: Flag,
  excludes: Readonly<Record<string, string>>,
): Flag => ({ ...flag, excludes })

/** The first flag that the others leave without a meaning; null where there is none. */
export const flagWithoutMeaning = (
  flags: FlagTable,
  given: Readonly<Record<string, unknown>>,
): UsageError | null => {
  const isGiven = (name: string): boolean => given[name] !== undefined
  for (const [name, { needs, excludes = {} }] of Object.entries(flags)) {
    if (!isGiven(name)) continue
    if (needs !== undefined && !needs.some(isGiven))
      return usageError(`${flagName(name)} changes nothing without ${needs.map(flagName).join(' or ')}.`)
    for (const [other, why] of Object.entries(excludes))
      if (isGiven(other))
        return usageError(`${flagName(name)} means nothing with ${flagName(other)}: ${why}. Leave one out.`)
  }
  return null
}
