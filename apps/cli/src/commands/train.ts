/** `laperm train`: from flags to a run directory and a proof. */

import type { Dataset } from '@laperm/data'
import { makeBatchSource } from '@laperm/data/node'
import type { Engine } from '@laperm/engine'
import { type Model, zooNames } from '@laperm/models'
import {
  createRun,
  lockRun,
  openRun,
  planResume,
  type Run,
  type RunLock,
  type RunSummary,
  recordRun,
  resumeRun,
} from '@laperm/runs'
import {
  type Checkpoint,
  type Experiment,
  experimentFlags,
  type FlagText,
  modelNameOf,
  planRun,
  type RunPlan,
  resolveExperiment,
  settingsFromFlags,
  type TrainOutcome,
  trainPlan,
} from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { loadEngine } from '../engines.ts'
import { type Failure, renderFailure, reportFailure, usageError } from '../failure.ts'
import { dataFlags, number, outputFlags, text } from '../flags.ts'
import { formatCount } from '../format.ts'
import { dataSource, loadData, type OwnData, ownDataOf } from '../load-data.ts'
import { makeTrainProgress } from '../progress.ts'
import { readModel } from '../read-model.ts'
import { shellWord } from '../shell-word.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { threadsHere } from '../threads.ts'
import { trainReport } from '../train-report.ts'
import { versionsOf } from '../versions.ts'

/** Everything that training needs, ready. */
interface Prepared {
  readonly run: Run
  readonly lock: RunLock
  readonly engine: Engine
  readonly dataset: Dataset
  readonly checkpoint: Checkpoint | null
  readonly plan: RunPlan
}

const trainFlags = {
  out: text('<directory>', "the run's own directory, new or empty"),
  resume: text('<run>', 'go on with an interrupted run; no other setting can change'),
  checkpointSeconds: number(
    'least time between two checkpoints (default: 60)',
    'a number of at least 0',
    (value) => value >= 0 && Number.isFinite(value),
  ),
  ...dataFlags,
  ...outputFlags,
}
type TrainFlags = FlagValues<typeof trainFlags>

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
    E.map((experiment) => ({
      ...experiment,
      threads: threadsHere(experiment.threads, experiment.engine, terminal),
    })),
  )

const prepareNew = async (
  model: string | undefined,
  texts: Readonly<Record<string, FlagText>>,
  flags: TrainFlags,
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
  const run = await createRun(experiment, {
    directory: flags.out ?? null,
    parent: 'runs',
    data: source,
    versions: versionsOf(engine),
    now: new Date(),
  })()
  if (E.isLeft(run)) return run
  const lock = await lockRun(run.right.directory)()
  return E.map(
    (held: RunLock): Prepared => ({
      run: run.right,
      lock: held,
      engine,
      dataset,
      checkpoint: null,
      plan: plan.right,
    }),
  )(lock)
}

/** What a resumed run cannot be given, as it was typed; undefined when there is nothing. */
const unwelcome = (
  model: string | undefined,
  texts: Readonly<Record<string, FlagText>>,
  flags: TrainFlags,
): string | undefined => {
  if (model !== undefined) return 'model'
  const [setting] = Object.keys(texts)
  if (setting !== undefined) return `--${setting}`
  return flags.out === undefined ? undefined : '--out'
}

const prepareResumed = async (
  directory: string,
  flags: TrainFlags,
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
  flags: TrainFlags,
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
  // Nothing of the run has been changed so far.
  const resumed = await resumeRun(planned.right, dataset, lock)()
  if (E.isLeft(resumed)) return resumed
  for (const warning of warnings) terminal.err(`warning: ${warning}`)
  for (const [name, version] of Object.entries(versionsOf(engine)))
    if (versions[name] !== version)
      terminal.err(
        `warning: this run began with ${name} ${versions[name]}, here is ${version}; the last bits may differ from a run left alone`,
      )
  if (checkpoint === null)
    terminal.err('no checkpoint had been written yet; the run starts over, with the same result')
  return E.right({ run, lock, engine, dataset, checkpoint, plan: fits.right })
}

const loadMaterial = async (
  experiment: Experiment,
  source: ReturnType<typeof dataSource>,
  flags: TrainFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, { readonly engine: Engine; readonly dataset: Dataset }>> => {
  const engine = await loadEngine(experiment.engine, experiment.threads, terminal.environment)()
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

/** What the ending of a run means to the caller of the process. */
const conclude = (
  summary: RunSummary,
  outcome: TrainOutcome,
  flags: TrainFlags,
  terminal: Terminal,
): ExitCode => {
  const isBroken = summary.optimizer === 'laperm' && !outcome.proof.isPermutation
  const problem =
    outcome.status === 'diverged'
      ? `training diverged at step ${outcome.divergedAt}: the loss or a weight is not a finite number. The weights of step ${outcome.weightsStep} were kept. Try a lower --learning-rate.`
      : isBroken
        ? 'the trained weights are not a permutation of the initial ones'
        : null
  if (flags.json === true)
    terminal.out(
      JSON.stringify(
        problem === null ? summary : { ...summary, error: { _tag: outcome.status, message: problem } },
      ),
    )
  else for (const line of trainReport(summary, outcome)) terminal.out(line)
  if (problem !== null) {
    terminal.err(`laperm: ${problem}`)
    return exitCodes.failed
  }
  if (outcome.status === 'interrupted') {
    terminal.err(
      `interrupted after step ${outcome.steps}; to go on: laperm train --resume ${shellWord(summary.runDirectory)}`,
    )
    return exitCodes.interrupted
  }
  return exitCodes.done
}

const runTrain = async (
  model: string | undefined,
  texts: Readonly<Record<string, FlagText>>,
  flags: TrainFlags,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const checkpointSeconds = flags.checkpointSeconds ?? 60
  const other = flags.resume === undefined ? undefined : unwelcome(model, texts, flags)
  if (other !== undefined)
    return reportFailure(
      terminal,
      json,
      usageError(
        `A resumed run keeps its settings, so --resume takes no ${other}. Start a new run to change them.`,
      ),
    )
  const prepared =
    flags.resume === undefined
      ? await prepareNew(model, texts, flags, terminal)
      : await prepareResumed(flags.resume, flags, terminal)
  if (E.isLeft(prepared)) return reportFailure(terminal, json, prepared.left)
  const { run, lock, engine, dataset, checkpoint, plan } = prepared.right

  const { experiment } = run.config
  const title = `training ${modelNameOf(experiment.model)} on ${experiment.dataset} with engine ${experiment.engine}`
  const goOn = `To go on from the last checkpoint: laperm train --resume ${shellWord(run.directory)}`
  terminal.note(`compiling for ${title}. ${goOn}`)
  const recorder = await recordRun(run, dataset, lock)
  const progress = flags.quiet === true ? null : makeTrainProgress(terminal)
  try {
    const trained = await trainPlan(plan, {
      engine,
      dataset,
      startBatches: makeBatchSource,
      observe: (event) => {
        progress?.update(event)
        if (event.kind === 'epochStart')
          terminal.note(`${title}, in epoch ${event.epoch} of ${experiment.epochs}. ${goOn}`)
        return recorder.observe(event)
      },
      signal: terminal.signal,
      resumeFrom: checkpoint ?? undefined,
      checkpointEveryMs: checkpointSeconds * 1000,
    })()
    progress?.stop()
    if (E.isLeft(trained)) {
      const failure = { ...trained.left, runDirectory: run.directory }
      await recorder.fail(renderFailure(failure))
      return reportFailure(terminal, json, failure)
    }
    return conclude(await recorder.finish(trained.right), trained.right, flags, terminal)
  } catch (error) {
    progress?.stop()
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    // A full disk takes the summary with it; the message must come out all the same.
    await recorder.fail(stack ?? message).catch(() => undefined)
    return reportFailure(terminal, json, {
      _tag: 'RunFailed',
      message: /[.!?]$/.test(message) ? message : `${message}.`,
      runDirectory: run.directory,
    })
  }
}

const notes = `
Examples
  $ laperm train f2                            reconnect F2 on the built-in digits; needs no files and no network
  $ laperm train conv7 --dataset mnist         the paper's recipe: MNIST, batch 50, 45 epochs, k = 20
  $ laperm train conv7 --epochs 5 --sync-period 1200 --seed 2
  $ laperm train mlp --optimizer adam          the inner optimizer alone, to compare
  $ laperm train f2 --sparsity 0.9,0.9,0.9     prune 90% of each of the three kernels
  $ laperm train my-network.json              a network of your own; packages/models/README.md says how it is written
  $ laperm train mlp --dataset path/to/folder  data of your own: .npy, .npz or idx files, training and test apart
  $ laperm train --resume runs/conv7-...       go on with an interrupted run, bit for bit

Every flag that is left out comes from the model's recipe, which \`laperm list\` prints; but instead of MNIST, digits are
trained on unless MNIST is named.
A run directory (default: below ./runs) gets config.json, metrics.jsonl, summary.json and the weights.
Accuracies are measured right after a synchronization, so the weights they belong to are permutations of the initial ones.
The same experiment gives the same run bit for bit on one engine with one number of threads.
Ctrl-C ends a run with a checkpoint, as a closed terminal and the signals TERM, USR1 and USR2 do; press it twice to stop at once.`

export const train = defineCommand({
  name: 'train',
  summary: 'train a model by reconnecting its weights',
  argument: {
    name: 'model',
    isRequired: false,
    help: `${zooNames.join(', ')}, or the JSON file of a network of your own`,
  },
  flags: trainFlags,
  settingFlags: experimentFlags,
  notes,
  run: ({ argument, flags, settings }, terminal) => runTrain(argument, settings, flags, terminal),
})
