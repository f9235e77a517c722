/** A command as data: its flags, its help and what it does. `commands/index.ts` lists them all; nothing else knows one by name. */
import type { Flag, FlagText } from '@laperm/train'
import type { either as E } from 'fp-ts'
import type { Failure } from './failure.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/** A flag of a command's own. */
export interface CommandFlag<Value> {
  /** `<n>`; a switch has none. */
  readonly value?: string
  readonly help: string
  /** Whether it may be given several times: `read` gives a list of each text, and the lists are joined. */
  readonly isRepeated?: true
  /** Flags of which one must be given, too, or this one changes nothing. */
  readonly needs?: readonly string[]
  /** Flags beside which this one means nothing, and why. */
  readonly excludes?: Readonly<Record<string, string>>
  /** @param flag `--trials`, for the error. */
  readonly read: (text: string, flag: string) => E.Either<Failure, Value>
}

/** Flags by their names in camel case: `dataDir` is `--data-dir`. */
export type FlagTable = Readonly<Record<string, CommandFlag<unknown>>>

/** What was given for the flags of a table. */
export type FlagValues<Flags extends FlagTable> = {
  readonly [Name in keyof Flags]?: Flags[Name] extends CommandFlag<infer Value> ? Value : never
}

/** A command's words, read. */
export interface Given<Flags extends FlagTable> {
  /** Everything behind the program's name, as it was typed. */
  readonly words: readonly string[]
  /** The first word that is no flag. */
  readonly argument: string | undefined
  /** Every word that is no flag. */
  readonly operands: readonly string[]
  readonly flags: FlagValues<Flags>
  /** Texts of the flags that set an experiment, by their names. */
  readonly settings: Readonly<Record<string, FlagText>>
}

/** One command. */
export interface Command<Flags extends FlagTable = FlagTable> {
  readonly name: string
  readonly summary: string
  readonly argument?: {
    readonly name: string
    readonly isRequired: boolean
    /** Whether there may be several. */
    readonly isRepeated?: true
    readonly help: string
  }
  readonly flags: Flags
  /** Flags that set fields of an experiment, from the table of fields. */
  readonly settingFlags?: readonly Flag[]
  /** Commands below it: `show` of `laperm runs show`. */
  readonly commands?: readonly Command[]
  /** What its help says below the flags: examples first. */
  readonly notes?: string
  run(given: Given<Flags>, terminal: Terminal): ExitCode | Promise<ExitCode>
}

/** A command whose `run` sees the types of its flags. */
export const defineCommand = <Flags extends FlagTable>(command: Command<Flags>): Command<Flags> => command

/** `--data-dir` for `dataDir`. */
export const flagName = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
