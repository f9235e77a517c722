/** The experiment that a command line asks for, and where its data are. */
import type { DataSource } from '@laperm/runs'
import { type Experiment, type FlagText, resolveExperiment, settingsFromFlags } from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { engineNamed } from './engines.ts'
import { type Failure, usageError } from './failure.ts'
import type { DataFlags } from './flags.ts'
import { dataSource, ownDataOf } from './load-data.ts'
import { readModel } from './read-model.ts'
import type { Terminal } from './terminal.ts'
import { threadsHere } from './threads.ts'

/** What to train, and on what. */
export interface AskedFor {
  readonly experiment: Experiment
  readonly source: DataSource
}

/**
 * Resolve the words of a command.
 *
 * @param model a name of the zoo, or the path of a network's JSON file.
 * @param texts of the flags that set an experiment. What of it this machine cannot give is said on standard error.
 */
export const askedFor = async (
  model: string | undefined,
  texts: Readonly<Record<string, FlagText>>,
  flags: DataFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, AskedFor>> => {
  if (model === undefined)
    return E.left(usageError("Which model? For example: laperm train f2. 'laperm list' names them all."))
  const read = await readModel(model)
  if (E.isLeft(read)) return read
  const own = ownDataOf(typeof texts['dataset'] === 'string' ? texts['dataset'] : undefined)
  return F.pipe(
    settingsFromFlags(texts),
    E.flatMap((settings) =>
      resolveExperiment({ ...settings, ...(own === null ? {} : { dataset: own }), model: read.right }),
    ),
    E.bindTo('asked'),
    E.bindW('engine', ({ asked }) => engineNamed(asked.engine)),
    E.map(({ asked, engine }) => ({
      experiment: { ...asked, threads: threadsHere(asked.threads, engine, terminal) },
      source: { ...dataSource(flags, terminal.environment), folder: own?.folder ?? null },
    })),
  )
}
