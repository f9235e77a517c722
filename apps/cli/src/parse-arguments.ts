/** From words to a command and what was given to it, by a list of commands. Says what is wrong in our own words. */
import { zooNames } from '@laperm/models'
import type { FlagText } from '@laperm/train'
import { Command as CommanderCommand, CommanderError, Option } from 'commander'
import { either as E } from 'fp-ts'
import { type Command, type FlagTable, flagName, type Given } from './command.ts'
import { type Failure, type UsageError, usageError } from './failure.ts'
import { flagWithoutMeaning } from './flag-relations.ts'
import { suggestion } from './suggestion.ts'
import { exitCodes } from './terminal.ts'

const topNotes = `
Examples
  $ laperm train f2
  $ laperm train f1 --dataset mnist --seed 1
  $ laperm evaluate runs/f2-digits-laperm-k250-...
  $ laperm runs --where syncPeriod=20         find runs again by their settings
  $ laperm doctor
  $ laperm verify --backend wasm              prove a backend equal to the reference on this machine

Environment
  LAPERM_DATA_DIR    directory with MNIST, Fashion-MNIST or CIFAR-10 files (--data-dir wins)
  LAPERM_CACHE_DIR   where downloads are kept (default: the operating system's cache directory)
  LAPERM_QUEUE_PASSWORD   of the Redis that --queue names; LAPERM_QUEUE_CA: certificate of its own authority (--queue-ca wins)
  LAPERM_SOFTWARE_GPU=1   take a GPU that is a program on the CPU too (SwiftShader, llvmpipe)

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
LaPerm: Qiu & Suda, Train by Reconnect, NeurIPS 2020, arXiv:2003.02570.`

/** What the words ask for. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: Command; readonly given: Given<FlagTable> }
  /** Help or the version was asked for and has been printed. */
  | { readonly kind: 'printed'; readonly isUsageError: boolean }

/** Commander's values by attribute name, of a command's flags. */
type RawValues = Readonly<Record<string, FlagText | readonly string[] | undefined>>

const optionOf = (name: string, value: string | undefined, help: string): Option =>
  new Option(value === undefined ? name : `${name} ${value}`, help)

const argumentOf = ({ name, isRequired, isRepeated }: NonNullable<Command['argument']>): string => {
  const shown = isRepeated === true ? `${name}...` : name
  return isRequired ? `<${shown}>` : `[${shown}]`
}

/**
 * A flag behind a flag that needs a value is no value: that one was forgotten, and the other would be lost.
 *
 * @param flags of the command.
 * @returns reads the text of one flag. @throws CommanderError
 */
const valueReader =
  (flag: string, flags: readonly string[]) =>
  (text: string): string => {
    if (flags.some((known) => text === known || text.startsWith(`${known}=`)))
      throw new CommanderError(
        exitCodes.usage,
        'laperm.flagForValue',
        `The flag '${flag}' needs a value, but '${text}' is the next flag.`,
      )
    return text
  }

/** Every flag of a command as it is typed. */
const typedFlags = ({ flags, settingFlags }: Command): readonly string[] => [
  ...Object.keys(flags).map(flagName),
  ...(settingFlags ?? []).flatMap(({ name }) => [`--${name}`, `--no-${name}`]),
  '--help',
]

/** Keep every value of a flag that may be given several times. */
const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
]

/** Declare a command's arguments and flags to commander, which prints help by them. */
const declare = (target: CommanderCommand, command: Command): void => {
  const { summary, argument, flags, settingFlags, notes } = command
  const typed = typedFlags(command)
  target.description(summary)
  if (argument !== undefined) target.argument(argumentOf(argument), argument.help)
  for (const { name, value, group, help, opposite } of settingFlags ?? []) {
    const option = optionOf(`--${name}`, value, help).helpGroup(group)
    target.addOption(value === undefined ? option : option.argParser(valueReader(`--${name}`, typed)))
    if (opposite !== undefined)
      target.addOption(optionOf(`--no-${name}`, undefined, opposite.help).helpGroup(group))
  }
  for (const [name, { value, help, isRepeated }] of Object.entries(flags)) {
    const option = optionOf(flagName(name), value, help).helpGroup(
      settingFlags === undefined ? 'Options:' : 'Where and with what',
    )
    const read = valueReader(flagName(name), typed)
    const readAll = (text: string, before: readonly string[] | undefined) => collect(read(text), before)
    if (isRepeated === true) option.argParser(readAll)
    else if (value !== undefined) option.argParser(read)
    target.addOption(option)
  }
  if (notes !== undefined) target.addHelpText('after', notes)
}

/** Read texts until one breaks its rule. */
const readEach = (
  texts: readonly FlagText[],
  read: (text: FlagText) => E.Either<Failure, unknown>,
): E.Either<Failure, readonly unknown[]> => {
  const values: unknown[] = []
  for (const text of texts) {
    const value = read(text)
    if (E.isLeft(value)) return value
    values.push(value.right)
  }
  return E.right(values)
}

/** Whether a flag is among the words, alone or with its value behind the sign of equality. */
const isTyped = (words: readonly string[], name: string): boolean => {
  const end = words.indexOf('--')
  return (end === -1 ? words : words.slice(0, end)).some(
    (word) => word === `--${name}` || word.startsWith(`--${name}=`),
  )
}

/** Read the texts that commander found. @returns `Left` with the first flag of the command's own that breaks its rule. */
const readGiven = (
  { flags, settingFlags }: Command,
  words: readonly string[],
  operands: readonly string[],
  raw: RawValues,
): E.Either<Failure, Given<FlagTable>> => {
  const values: Record<string, unknown> = {}
  for (const [name, { read, isRepeated }] of Object.entries(flags)) {
    const given = raw[name]
    if (given === undefined) continue
    const readText = (text: FlagText) => read(String(text), flagName(name))
    const value = readEach(Array.isArray(given) ? given : [given], readText)
    if (E.isLeft(value)) return value
    values[name] = isRepeated === true ? value.right.flat() : value.right[0]
  }
  const meaningless = flagWithoutMeaning(flags, values)
  if (meaningless !== null) return E.left(meaningless)
  const settings: Record<string, FlagText> = {}
  for (const { name, opposite } of settingFlags ?? []) {
    if (opposite !== undefined && isTyped(words, name) && isTyped(words, `no-${name}`))
      return E.left(usageError(`--${name} and --no-${name} contradict each other; leave one out.`))
    const given = raw[new Option(`--${name}`).attributeName()]
    if (typeof given === 'string' || typeof given === 'boolean') settings[name] = given
  }
  return E.right({ words, argument: operands[0], operands, flags: values, settings })
}

/** The first thing in quotes: commander names the culprit that way. */
const quoted = (message: string): string => /'([^']+)'/.exec(message)?.[1] ?? ''

const flagsOf = (command: CommanderCommand): readonly string[] =>
  command.options.flatMap(({ long }) => (long == null ? [] : [long])).concat('--help')

/** `laperm runs show` */
const fullName = (command: CommanderCommand): string =>
  command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`

/** Commander's error in our words. */
const reword = (error: CommanderError, command: CommanderCommand): UsageError => {
  const name = fullName(command)
  const help = `See '${name} --help'.`
  const culprit = quoted(error.message)
  switch (error.code) {
    case 'commander.unknownOption':
      return usageError(`There is no flag '${culprit}'.${suggestion(culprit, flagsOf(command))} ${help}`)
    case 'commander.unknownCommand': {
      const names = command.commands.map((known) => known.name())
      const model = zooNames.find((name) => name === culprit)
      return usageError(
        model === undefined
          ? `There is no command '${culprit}'.${suggestion(culprit, names)} Known: ${names.join(', ')}.`
          : `'${culprit}' is a model. To train it: laperm train ${culprit}`,
      )
    }
    case 'commander.optionMissingArgument':
      return usageError(`The flag '${culprit}' needs a value. ${help}`)
    case 'commander.missingArgument':
      return usageError(`'${name}' needs a <${culprit}>. ${help}`)
    case 'commander.excessArguments':
      return usageError(`'${name}' was given more than it takes. ${help}`)
    default:
      return usageError(error.message.replace(/^error: /, ''))
  }
}

/**
 * Parse the command line.
 *
 * @param commands that the words may name.
 * @param write prints help and the version when they are asked for.
 * @returns `Left` in a person's words.
 */
export const parseArguments = (
  words: readonly string[],
  commands: readonly Command[],
  version: string,
  write: (text: string) => void,
): E.Either<Failure, Parsed> => {
  let parsed: E.Either<Failure, Parsed> = E.right({ kind: 'printed', isUsageError: true })
  const program = new CommanderCommand('laperm')
  let erring = program
  const throwing = (target: CommanderCommand): CommanderCommand =>
    target.exitOverride((error) => {
      erring = target
      throw error
    })
  throwing(program)
    .description(
      'Train neural networks by reconnecting their weights: the trained weights are a permutation of the initial ones.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .showSuggestionAfterError(false)
    .addHelpText('after', topNotes)
    // A flag behind `runs show` is that of `show`, although `runs` has one of the same name.
    .enablePositionalOptions()
  const add = (parent: CommanderCommand, command: Command): void => {
    const target = throwing(parent.command(command.name))
    declare(target, command)
    target.action(() => {
      parsed = E.map((given: Given<FlagTable>): Parsed => ({ kind: 'command', command, given }))(
        readGiven(command, words, target.args, target.opts<RawValues>()),
      )
    })
    for (const below of command.commands ?? []) add(target, below)
  }
  for (const command of commands) add(program, command)
  try {
    program.parse([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const isHelp = error.code === 'commander.help' || error.code === 'commander.helpDisplayed'
    if (error.code === 'commander.version' || (isHelp && error.exitCode === 0))
      return E.right({ kind: 'printed', isUsageError: false })
    if (isHelp) {
      // No command was given: help is the answer, and the call is wrong usage all the same.
      program.outputHelp()
      return E.right({ kind: 'printed', isUsageError: true })
    }
    return E.left(reword(error, erring))
  }
  return parsed
}
