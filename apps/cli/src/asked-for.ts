/** The experiment that a command line asks for, and where its data are. */
import type { Dataset } from '@laperm/data'
import type { Model } from '@laperm/models'
import type { DataSource } from '@laperm/runs'
import {
  type Experiment,
  type ExperimentError,
  type FlagText,
  flagOfSetting,
  resolveExperiment,
  settingsFromFlags,
} from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { engineNamed } from './engines.ts'
import { type Failure, usageError } from './failure.ts'
import type { DataFlags } from './flags.ts'
import { dataSource, loadData, type OwnData, ownDataOf } from './load-data.ts'
import { type DataInUse, misplacedDataFlag } from './misplaced-data-flag.ts'
import { readModel } from './read-model.ts'
import type { Terminal } from './terminal.ts'
import { threadsHere } from './threads.ts'

/** What to train, and on what. */
export interface AskedFor {
  readonly experiment: Experiment
  readonly source: DataSource
}

/** What flags about data files are held against. */
export const dataInUse = ({ experiment, source }: AskedFor): Pick<DataInUse, 'dataset' | 'folder'> => ({
  dataset: experiment.dataset,
  folder: source.folder,
})

/** A list or a record is shown as it was typed, not as JSON. */
const asTyped =
  (texts: Readonly<Record<string, FlagText>>) =>
  (failure: ExperimentError): ExperimentError => {
    if (failure._tag !== 'InvalidSetting' || !/^[[{]/.test(failure.value)) return failure
    const text = texts[flagOfSetting(failure.setting) ?? '']
    return typeof text === 'string' ? { ...failure, value: `'${text}'` } : failure
  }

/** The same, with data of one's own, limited, where they had to be read to know what is asked for; else null. */
export interface AskedForWithData extends AskedFor {
  readonly dataset: Dataset | null
}

/** Read data of one's own: whether they are pixels or floats decides their default normalization. */
export const readOwnData = async (
  own: OwnData,
  limits: Pick<Experiment, 'limit' | 'testLimit'>,
  flags: DataFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, { readonly own: OwnData; readonly dataset: Dataset }>> => {
  const source = { ...dataSource(flags, terminal.environment), folder: own.folder }
  const loaded = await loadData(
    { ...limits, dataset: own.name, source, offline: true, quiet: true },
    terminal,
  )()
  return E.map((dataset: Dataset) => ({
    own: { ...own, floats: dataset.train.inputs instanceof Float32Array },
    dataset,
  }))(loaded)
}

/**
 * Resolve settings from flags.
 *
 * @param model as `readModel` gives it.
 * @param own the data set of somebody's own that they name.
 * @param texts of the flags that set an experiment. What of it this machine cannot give is said on standard error.
 * @param source where data are.
 */
export const resolveAsked = (
  model: string | Model,
  own: OwnData | null,
  texts: Readonly<Record<string, FlagText>>,
  source: DataSource,
  terminal: Terminal,
): E.Either<Failure, AskedFor> =>
  F.pipe(
    settingsFromFlags(texts),
    E.flatMap((settings) =>
      resolveExperiment({ ...settings, ...(own === null ? {} : { dataset: own }), model }),
    ),
    E.mapLeft(asTyped(texts)),
    E.bindTo('asked'),
    E.bindW('engine', ({ asked }) => engineNamed(asked.engine)),
    E.map(({ asked, engine }) => ({
      experiment: { ...asked, threads: threadsHere(asked.threads, engine, terminal) },
      source: { ...source, folder: own?.folder ?? null },
    })),
  )

/**
 * Resolve the words of a command.
 *
 * @param model a name of the zoo, or the path of a network's JSON file.
 * @param texts of the flags that set an experiment.
 */
export const askedFor = async (
  model: string | undefined,
  texts: Readonly<Record<string, FlagText>>,
  flags: DataFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, AskedForWithData>> => {
  if (model === undefined)
    return E.left(usageError("Which model? For example: laperm train f2. 'laperm list' names them all."))
  const read = await readModel(model)
  if (E.isLeft(read)) return read
  const own = ownDataOf(typeof texts['dataset'] === 'string' ? texts['dataset'] : undefined)
  if (E.isLeft(own)) return own
  const source = dataSource(flags, terminal.environment)
  const resolveWith = (data: OwnData | null, terminal: Terminal) =>
    resolveAsked(read.right, data, texts, source, terminal)
  // What is wrong with settings is found before data are read, and said once.
  const first = resolveWith(own.right, { ...terminal, err: () => undefined })
  if (E.isLeft(first)) return first
  const misplaced = misplacedDataFlag(flags, { ...dataInUse(first.right), isNamedHere: true })
  if (misplaced !== null) return E.left(misplaced)
  if (own.right === null || texts['normalize'] !== undefined)
    return E.map((asked: AskedFor) => ({ ...asked, dataset: null }))(resolveWith(own.right, terminal))
  const { limit, testLimit } = first.right.experiment
  const known = await readOwnData(own.right, { limit, testLimit }, flags, terminal)
  if (E.isLeft(known)) return known
  const { dataset } = known.right
  return E.map((asked: AskedFor) => ({ ...asked, dataset }))(resolveWith(known.right.own, terminal))
}
