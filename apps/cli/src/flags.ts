/** Makers of flags, and the flags that several commands have. */
import { invalidSetting } from '@laperm/core'
import { nearestName } from '@laperm/models'
import { decimalOf, unknownName } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { CommandFlag, FlagValues } from './command.ts'

/** A switch. */
export const toggle = (help: string): CommandFlag<true> => ({ help, read: () => E.right(true) })

export const text = (value: string, help: string): CommandFlag<string> => ({ value, help, read: E.right })

/** A number for which `holds`; `rule` completes "it must be ...". */
export const number = (
  help: string,
  rule: string,
  holds: (value: number) => boolean,
): CommandFlag<number> => ({
  value: '<n>',
  help,
  read: (given, flag) => {
    const value = decimalOf(given)
    if (value === null)
      return E.left(invalidSetting(flag, `'${given}'`, 'it must be a number in decimal notation'))
    return holds(value) ? E.right(value) : E.left(invalidSetting(flag, value, `it must be ${rule}`))
  },
})

/** A safe integer of at least `least`. */
export const integer = (help: string, least: number): CommandFlag<number> =>
  number(help, `an integer of at least ${least}`, (value) => Number.isSafeInteger(value) && value >= least)

/** One of some names; `what` is for people: `engine`. */
export const oneOf = <const Name extends string>(
  what: string,
  names: readonly Name[],
  help: string,
): CommandFlag<Name> => ({
  value: '<name>',
  help,
  read: (given) => {
    const found = names.find((name) => name === given)
    return found === undefined
      ? E.left(unknownName(what, given, nearestName(given, names), names))
      : E.right(found)
  },
})

/** A flag that may be given several times. */
export const repeated = <Value>(flag: CommandFlag<Value>): CommandFlag<readonly Value[]> => ({
  ...flag,
  isRepeated: true,
  read: (given, name) => E.map((value: Value): readonly Value[] => [value])(flag.read(given, name)),
})

/** How often a run that trains keeps its state. */
export const checkpointSeconds = number(
  'least time between two checkpoints of a run (default: 60)',
  'a number of at least 0',
  (value) => value >= 0 && Number.isFinite(value),
)

/** Where data may come from. */
export const dataFlags = {
  dataDir: text(
    '<directory>',
    'look here for data files first (or set LAPERM_DATA_DIR); of a run on data of your own: where they are now',
  ),
  acceptChecksum: toggle('read files of the data directory although they are not the published ones'),
  offline: toggle('never download'),
}
export type DataFlags = FlagValues<typeof dataFlags>

export const outputFlags = {
  json: toggle('print one JSON object and nothing else on standard output'),
  quiet: toggle('no progress on standard error'),
}
/** For another form of what is printed. */
export const notWithJson = { json: 'results are printed in one form' }
export type OutputFlags = FlagValues<typeof outputFlags>
