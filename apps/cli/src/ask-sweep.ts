/** The sweep that a command line asks for: from flags or a file to experiments, each of them checked. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Model } from '@laperm/models'
import {
  type ExpandedSweep,
  expandSweep,
  mostSweepBytes,
  parseSweepFile,
  type ResolvedRun,
  renderInvalidSweep,
  renderRefusedSweep,
  type SweepDefinition,
  type SweepValues,
  sweepFromFlags,
  sweepSize,
} from '@laperm/runs/sweep'
import type { FlagText } from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { dataInUse, readOwnData, resolveAsked } from './asked-for.ts'
import { type Failure, renderFailure, type UsageError, usageError } from './failure.ts'
import type { DataFlags } from './flags.ts'
import { formatCount } from './format.ts'
import { dataSource, type OwnData, ownDataOf } from './load-data.ts'
import { misplacedDataFlag } from './misplaced-data-flag.ts'
import { readModel } from './read-model.ts'
import type { Terminal } from './terminal.ts'

/** What a sweep is asked for with. */
export interface SweepWords {
  /** One of the zoo, the path of a network, or several between commas. */
  readonly model: string | undefined
  /** Texts of the flags that set experiments. */
  readonly settings: Readonly<Record<string, FlagText>>
  /** A sweep file; null for flags. */
  readonly file: string | null
  readonly name: string | null
  /** Whether more runs than {@link manyRuns} are meant. */
  readonly yes: boolean
}

/** Beyond this many runs the sweep asks whether they are meant. */
const manyRuns = 10_000
/** Whoever wants more has a list of sweeps. */
const mostRuns = 1_000_000

const readSweepFile = async (path: string): Promise<E.Either<UsageError, SweepDefinition>> => {
  const fail = (reason: string) => E.left(usageError(`${path}: ${reason}`))
  try {
    const found = await stat(path)
    if (!found.isFile()) return fail('this is no file. Name the JSON file of a sweep.')
    if (found.size > mostSweepBytes)
      return fail(`it has ${found.size} bytes, but a sweep file has at most ${mostSweepBytes}.`)
    const name = basename(path).replace(/\.json$/, '')
    return E.mapLeft((error: Parameters<typeof renderInvalidSweep>[0]) =>
      usageError(renderInvalidSweep(error)),
    )(parseSweepFile(path, await readFile(path, 'utf8'), name))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return fail(
      error.code === 'ENOENT'
        ? 'there is no such file. Name the JSON file of a sweep.'
        : `it cannot be read: ${error.message}.`,
    )
  }
}

/** The same words give the same name, so that the same command writes the same table. */
const usualName = (model: string, given: Readonly<Record<string, FlagText>>): string => {
  const [first = ''] = model.split(/[,;]/)
  const title = basename(first)
    .replace(/\.json$/, '')
    .replace(/[^\w.-]/g, '-')
  const digits = createHash('sha256').update(JSON.stringify(given)).digest('hex').slice(0, 6)
  return `${title.slice(0, 60) || 'sweep'}-${digits}`
}

const fromFlags = ({ model, settings, name }: SweepWords): E.Either<UsageError, SweepDefinition> => {
  if (model === undefined)
    return E.left(
      usageError(
        'Which model? For example: laperm sweep f2 --seed 1..5 --sync-period 20,250. Or name a file: --file sweep.json.',
      ),
    )
  if (model.includes('://'))
    return E.left(usageError('A model is no address. A queue is named behind --queue, as redis://host:6379.'))
  const given = { model, ...settings }
  return E.mapLeft((error: Parameters<typeof renderInvalidSweep>[0]) =>
    usageError(renderInvalidSweep(error)),
  )(sweepFromFlags(name ?? usualName(model, given), given))
}

const fromFile = async (file: string, words: SweepWords): Promise<E.Either<UsageError, SweepDefinition>> => {
  const [setting] = Object.keys(words.settings)
  const other = words.model !== undefined ? `model (${words.model})` : setting && `--${setting}`
  if (other !== undefined)
    return E.left(
      usageError(`A sweep file says all of its runs, so --file takes no ${other}: write it there.`),
    )
  const read = await readSweepFile(file)
  return E.map((sweep: SweepDefinition) => ({ ...sweep, name: words.name ?? sweep.name }))(read)
}

/** Every value that the sweep names for a field. */
const valuesOf = ({ axes, runs }: SweepDefinition, field: string): readonly string[] => {
  const values = [
    ...axes.flatMap((axis) => (axis.field === field ? axis.values : [])),
    ...runs.flatMap((run) => (field in run ? [run[field]] : [])),
  ]
  return [...new Set(values)].filter((value) => typeof value === 'string')
}

/** Networks by the words that name them, each read once. */
const readModels = async (
  words: readonly string[],
): Promise<E.Either<Failure, ReadonlyMap<string, string | Model>>> => {
  const models = new Map<string, string | Model>()
  for (const word of words) {
    const model = await readModel(word)
    if (E.isLeft(model)) return model
    models.set(word, model.right)
  }
  return E.right(models)
}

/** Data of one's own by the words that name them, each read once. */
const readOwnDataSets = async (
  words: readonly string[],
  flags: DataFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, ReadonlyMap<string, OwnData>>> => {
  const found = new Map<string, OwnData>()
  for (const word of words) {
    const own = ownDataOf(word)
    if (E.isLeft(own)) return own
    if (own.right === null) continue
    const known = await readOwnData(own.right, { limit: null, testLimit: null }, flags, terminal)
    if (E.isLeft(known)) return known
    found.set(word, known.right.own)
  }
  return E.right(found)
}

/** A terminal that says the same thing once: thousands of runs have the same warnings. */
const sayingOnce = (terminal: Terminal): Terminal => {
  const said = new Set<string>()
  const err = (line: string): void => {
    if (!said.has(line)) terminal.err(line)
    said.add(line)
  }
  return { ...terminal, err }
}

const sizeProblem = (definition: SweepDefinition, yes: boolean): UsageError | null => {
  const size = sweepSize(definition)
  if (size > mostRuns)
    return usageError(
      `The sweep has ${formatCount(size)} runs, but at most ${formatCount(mostRuns)} can be planned at once. Divide it.`,
    )
  return size > manyRuns && !yes
    ? usageError(
        `The sweep has ${formatCount(size)} runs, more than ${formatCount(manyRuns)}. If that is meant, add --yes.`,
      )
    : null
}

/**
 * Read and check a sweep. One thread a run, unless it says otherwise: then bits do not depend on how many run at once.
 *
 * @returns `Left` with all parts of it that contradict themselves.
 */
export const askSweep = async (
  words: SweepWords,
  flags: DataFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, ExpandedSweep>> => {
  const definition = words.file === null ? fromFlags(words) : await fromFile(words.file, words)
  if (E.isLeft(definition)) return definition
  const problem = sizeProblem(definition.right, words.yes)
  if (problem !== null) return E.left(problem)
  const models = await readModels(valuesOf(definition.right, 'model'))
  if (E.isLeft(models)) return models
  const ownData = await readOwnDataSets(valuesOf(definition.right, 'dataset'), flags, terminal)
  if (E.isLeft(ownData)) return ownData
  const source = dataSource(flags, terminal.environment)
  const once = sayingOnce(terminal)
  const resolve = ({ model: word, ...texts }: SweepValues): E.Either<string, ResolvedRun> => {
    const model = models.right.get(String(word))
    if (model === undefined) return E.left('It names no model.')
    const own = ownData.right.get(String(texts['dataset'])) ?? null
    return F.pipe(
      resolveAsked(model, own, { threads: '1', ...texts }, source, once),
      E.bimap(renderFailure, ({ experiment, ...asked }) => ({
        ...asked,
        // A network of one's own is kept once, not once a run.
        experiment: typeof model === 'string' ? experiment : { ...experiment, model },
      })),
    )
  }
  const expanded = expandSweep(definition.right, resolve)
  if (E.isLeft(expanded)) return E.left(usageError(renderRefusedSweep(expanded.left)))
  // A flag has its meaning as soon as one of the runs makes use of it.
  const misplaced = expanded.right.runs.map((run) =>
    misplacedDataFlag(flags, { ...dataInUse(run), isNamedHere: true }),
  )
  const [first] = misplaced
  return first != null && !misplaced.includes(null) ? E.left(first) : expanded
}
