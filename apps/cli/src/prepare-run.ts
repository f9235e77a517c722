/** What a run needs before its first step: its experiment, engine and data, a plan, and a directory that is locked. */
import type { Dataset } from '@laperm/data'
import type { Engine, TrainSession } from '@laperm/engine'
import type { Model } from '@laperm/models'
import {
  type CreateRunOptions,
  createRun,
  lockRun,
  openRun,
  planResume,
  type Run,
  type RunLock,
  resumeRun,
} from '@laperm/runs'
import {
  type Checkpoint,
  type Experiment,
  type FlagText,
  modelNameOf,
  planRun,
  type RunPlan,
  resolveExperiment,
  settingsFromFlags,
  startSession,
} from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { engineNamed, loadEngine } from './engines.ts'
import { type Failure, usageError } from './failure.ts'
import type { DataFlags, OutputFlags } from './flags.ts'
import { formatCount } from './format.ts'
import { dataSource, loadData, type OwnData, ownDataOf } from './load-data.ts'
import { readModel } from './read-model.ts'
import { shellWord } from './shell-word.ts'
import type { Terminal } from './terminal.ts'
import { threadsHere } from './threads.ts'
import { versionsOf } from './versions.ts'

/** Everything that training needs, ready. */
export interface Prepared {
  readonly run: Run
  readonly lock: RunLock
  readonly session: TrainSession
  readonly dataset: Dataset
  readonly checkpoint: Checkpoint | null
  readonly plan: RunPlan
}

/** What is being trained, for people. */
export const trainingTitle = ({ model, dataset, engine }: Experiment): string =>
  `training ${modelNameOf(model)} on ${dataset} with engine ${engine}`

/** How a run goes on after whatever may happen. */
export const goOnHint = ({ directory }: Run): string =>
  `To go on from the last checkpoint: laperm train --resume ${shellWord(directory)}`

const loadMaterial = async (
  experiment: Experiment,
  source: ReturnType<typeof dataSource>,
  flags: DataFlags & OutputFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, { readonly engine: Engine; readonly dataset: Dataset }>> => {
  const known = engineNamed(experiment.engine)
  if (E.isLeft(known)) return known
  const engine = await loadEngine(known.right, experiment.threads, terminal.environment)()
  if (E.isLeft(engine)) return engine
  const dataset = await loadData(
    {
      dataset: experiment.dataset,
      limit: experiment.limit,
      source,
      offline: flags.offline ?? false,
      quiet: flags.quiet ?? false,
    },
    terminal,
  )()
  return E.map((loaded: Dataset) => ({ engine: engine.right, dataset: loaded }))(dataset)
}

/** The experiment that was asked for; what of it this machine cannot give is said. */
const experimentOf = (
  model: string | Model,
  own: OwnData | null,
  texts: Readonly<Record<string, FlagText>>,
  terminal: Terminal,
): E.Either<Failure, Experiment> =>
  F.pipe(
    settingsFromFlags(texts),
    E.flatMap((settings) =>
      resolveExperiment({ ...settings, ...(own === null ? {} : { dataset: own }), model }),
    ),
    E.flatMap((experiment) =>
      F.pipe(
        engineNamed(experiment.engine),
        E.map((engine) => ({ ...experiment, threads: threadsHere(experiment.threads, engine, terminal) })),
      ),
    ),
  )

/** A new run. What does not fit leaves no directory behind. */
export const prepareNew = async (
  model: string | undefined,
  texts: Readonly<Record<string, FlagText>>,
  flags: DataFlags & OutputFlags & { readonly out?: string },
  terminal: Terminal,
): Promise<E.Either<Failure, Prepared>> => {
  if (model === undefined)
    return E.left(usageError("Which model? For example: laperm train f2. 'laperm list' names them all."))
  const read = await readModel(model)
  const own = ownDataOf(typeof texts['dataset'] === 'string' ? texts['dataset'] : undefined)
  if (E.isLeft(read)) return read
  const resolved = experimentOf(read.right, own, texts, terminal)
  if (E.isLeft(resolved)) return resolved
  const experiment = resolved.right
  const source = { ...dataSource(flags, terminal.environment), folder: own?.folder ?? null }
  const material = await loadMaterial(experiment, source, flags, terminal)
  if (E.isLeft(material)) return material
  const { engine, dataset } = material.right
  // Before a directory is made: what does not fit leaves nothing behind.
  const plan = planRun(experiment, dataset)
  if (E.isLeft(plan)) return plan
  const { movable } = plan.right
  if (movable !== null && movable.movable * 10 <= movable.vectors)
    terminal.err(
      `warning: in only ${formatCount(movable.movable)} of ${formatCount(movable.vectors)} weight vectors initial weights differ; nothing else can move`,
    )
  terminal.note(`compiling for ${trainingTitle(experiment)}.`)
  const session = await startSession(plan.right, engine)()
  if (E.isLeft(session)) return E.left({ ...session.left, runDirectory: null })
  const prepared = await createLocked(experiment, {
    directory: flags.out ?? null,
    parent: 'runs',
    data: source,
    versions: versionsOf(engine),
    now: new Date(),
  })
  if (E.isLeft(prepared)) await session.right.dispose()
  return E.map(
    (made: Pick<Prepared, 'run' | 'lock'>): Prepared => ({
      ...made,
      session: session.right,
      dataset,
      checkpoint: null,
      plan: plan.right,
    }),
  )(prepared)
}

const createLocked = async (
  experiment: Experiment,
  options: CreateRunOptions,
): Promise<E.Either<Failure, Pick<Prepared, 'run' | 'lock'>>> => {
  const run = await createRun(experiment, options)()
  if (E.isLeft(run)) return run
  const lock = await lockRun(run.right.directory)()
  return E.map((held: RunLock) => ({ run: run.right, lock: held }))(lock)
}

/** A run that goes on where it was stopped. */
export const prepareResumed = async (
  directory: string,
  flags: DataFlags & OutputFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, Prepared>> => {
  const opened = await openRun(directory)()
  if (E.isLeft(opened)) return opened
  const lock = await lockRun(directory)()
  if (E.isLeft(lock)) return lock
  const prepared = await prepareLocked(directory, lock.right, flags, terminal)
  if (E.isLeft(prepared)) await lock.right.release()
  return prepared
}

const prepareLocked = async (
  directory: string,
  lock: RunLock,
  flags: DataFlags & OutputFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, Prepared>> => {
  const planned = await planResume(directory)()
  if (E.isLeft(planned)) return planned
  const { run, checkpoint, warnings } = planned.right
  const { experiment, data, versions } = run.config
  const named = dataSource(flags, terminal.environment)
  const source = {
    dataDir: named.dataDir ?? data.dataDir,
    folder: data.folder,
    acceptChecksum: named.acceptChecksum || data.acceptChecksum,
  }
  const material = await loadMaterial(experiment, source, flags, terminal)
  if (E.isLeft(material)) return material
  const { engine, dataset } = material.right
  const fits = planRun(experiment, dataset)
  if (E.isLeft(fits)) return fits
  terminal.note(`compiling for ${trainingTitle(experiment)}. ${goOnHint(run)}`)
  const session = await startSession(fits.right, engine)()
  if (E.isLeft(session)) return E.left({ ...session.left, runDirectory: run.directory })
  // Nothing of the run has been changed so far.
  const resumed = await resumeRun(planned.right, dataset, lock)()
  if (E.isLeft(resumed)) {
    await session.right.dispose()
    return resumed
  }
  for (const warning of warnings) terminal.err(`warning: ${warning}`)
  for (const [name, version] of Object.entries(versionsOf(engine)))
    if (versions[name] !== version)
      terminal.err(
        `warning: this run began with ${name} ${versions[name]}, here is ${version}; the last bits may differ from a run left alone`,
      )
  if (checkpoint === null)
    terminal.err('no checkpoint had been written yet; the run starts over, with the same result')
  return E.right({ run, lock, session: session.right, dataset, checkpoint, plan: fits.right })
}
