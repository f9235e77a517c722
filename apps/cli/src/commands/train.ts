/** `laperm train`: from flags to a run directory and a proof. */
import { makeBatchSource } from '@laperm/data/node'
import { zooNames } from '@laperm/models'
import { type RunSummary, RunWriteFailed, recordRun } from '@laperm/runs'
import { experimentFlags, type FlagText, type TrainOutcome, trainPlan } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { engineNames } from '../engines.ts'
import { renderFailure, reportFailure, usageError } from '../failure.ts'
import { dataFlags, number, outputFlags, text, toggle } from '../flags.ts'
import { goOnHint, prepareNew, prepareResumed, trainingTitle } from '../prepare-run.ts'
import { makeTrainProgress } from '../progress.ts'
import { shellWord } from '../shell-word.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { trainReport } from '../train-report.ts'

const trainFlags = {
  out: text('<directory>', "the run's own directory, new or empty"),
  resume: text('<run>', 'go on with an interrupted run; no other setting can change'),
  checkpointSeconds: number(
    'least time between two checkpoints (default: 60)',
    'a number of at least 0',
    (value) => value >= 0 && Number.isFinite(value),
  ),
  tensorboard: toggle(
    'an event file for TensorBoard in the run directory: scalars, and histograms of kernels',
  ),
  ...dataFlags,
  ...outputFlags,
}
type TrainFlags = FlagValues<typeof trainFlags>

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
  const { run, lock, session, dataset, checkpoint, plan } = prepared.right

  const { experiment } = run.config
  const recorder = await recordRun(run, dataset, lock, { tensorboard: flags.tensorboard === true })
  const progress = flags.quiet === true ? null : makeTrainProgress(terminal)
  try {
    const trained = await trainPlan(plan, session, {
      dataset,
      startBatches: makeBatchSource,
      observe: (event) => {
        progress?.update(event)
        if (event.kind === 'epochStart')
          terminal.note(
            `${trainingTitle(experiment)}, in epoch ${event.epoch} of ${experiment.epochs}. ${goOnHint(run)}`,
          )
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
    const isWriting = error instanceof RunWriteFailed
    // A full disk takes the summary with it; the message must come out all the same.
    const status = await recorder.fail(isWriting ? message : (stack ?? message)).then(
      () => 'failed' as const,
      () => 'running' as const,
    )
    return reportFailure(terminal, json, {
      _tag: 'RunFailed',
      message: /[.!?]$/.test(message) ? message : `${message}.`,
      runDirectory: run.directory,
      status,
      remedy: isWriting
        ? `Make room there (or make it writable); its last checkpoint is whole. ${goOnHint(run)}`
        : goOnHint(run),
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
  settingFlags: experimentFlags.map((flag) =>
    flag.path === 'engine' ? { ...flag, help: `${engineNames.join(', ')} (default: onnx)` } : flag,
  ),
  notes,
  run: ({ argument, flags, settings }, terminal) => runTrain(argument, settings, flags, terminal),
})
