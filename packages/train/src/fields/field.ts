/**
 * What a field of an experiment is: its rule, its default, what a person may write for it, and its flags. The table of all fields is
 * `table.ts`; resolution, saved experiments and the command line read that table and know no field by name.
 */
import type { Experiment } from '../experiment.ts'
import type { Network } from '../network.ts'

/** What a field may look at: the network, and the fields that stand before it in the table. */
export interface Basis {
  readonly network: Network
  readonly before: Partial<Experiment>
  /** Whether the data set was given as a value whose inputs are floats. */
  readonly floats: boolean
}

/** A field that stands before the one that asks. @throws TypeError when the table's order does not have it so. */
export const earlier = <Name extends keyof Experiment>({ before }: Basis, name: Name): Experiment[Name] => {
  if (!Object.hasOwn(before, name)) throw new TypeError(`field ${name} must stand earlier in the table`)
  return before[name] as Experiment[Name]
}

/** The headings of `laperm train --help`, in its order. */
export const flagGroups = ['What to train on', 'How to train', 'Where and with what'] as const

/** A flag of the command line that sets a field or a part of one. */
export interface Flag {
  /** `sync-period` for `--sync-period`. */
  readonly name: string
  /** `<k>`; `[spec]` where it may be left out; undefined for a switch. */
  readonly value?: string
  readonly group: (typeof flagGroups)[number]
  readonly help: string
  /** The setting that it sets, as errors name it: `outer.syncPeriod`. */
  readonly path: string
  /** From the text behind the flag to the setting. Rules of the value itself are the field's. @throws SettingProblem */
  readonly read: (text: string, path: string) => unknown
  /** What the flag says without a value. */
  readonly bare?: unknown
  /** The flag's opposite, `--no-<name>`: what it says and its help. */
  readonly opposite?: { readonly says: unknown; readonly help: string }
}

/** One field. */
export interface Field<Value> {
  /** The field's value from an unknown one, or which rule it breaks. A saved experiment is checked by this alone. @throws SettingProblem */
  readonly check: (value: unknown, basis: Basis) => Value
  /** What stands when nobody set the field. */
  readonly initial: (basis: Basis) => unknown
  /** From what a person may write to a whole value, which is checked next. Left out where the two are the same. @throws SettingProblem */
  readonly complete?: (setting: unknown, basis: Basis) => unknown
  /** What a saved experiment means that does not have the field, because it is older. Left out where every saved experiment has it. */
  readonly absent?: Value
  readonly flags: readonly Flag[]
}
