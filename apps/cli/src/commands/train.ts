/** `laperm train`: from flags to a run directory and a proof. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { zooNames } from '@laperm/models'
import {
  continueRun,
  type ExecuteRunResult,
  eventFileName,
  executeRun,
  keptEpochs,
  type Run,
  runFiles,
} from '@laperm/runs'
import { experimentFlags, type FlagText } from '@laperm/train'
import { either as E, taskEither as TE } from 'fp-ts'
import { askedFor } from '../asked-for.ts'
import { defineCommand, type FlagValues, type Given } from '../command.ts'
import { commandLineOf } from '../command-line.ts'
import { engineNames } from '../engines.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { checkpointSeconds, dataFlags, integer, outputFlags, text, toggle } from '../flags.ts'
import { sourceNow } from '../load-data.ts'
import { loadersOf } from '../loaders.ts'
import { misplacedDataFlag } from '../misplaced-data-flag.ts'
import { runPath, usualDirectory } from '../named-run.ts'
import { openStore, storeFlags } from '../open-store.ts'
import { shellWord } from '../shell-word.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { trainReport } from '../train-report.ts'
import { watchRun } from '../watch-run.ts'

const trainFlags = {
  out: text(
    '<directory>',
    "the run's own directory: new, empty, or that of the same run (default: below ./runs)",
  ),
  again: toggle('train anew, in another directory, although this run was trained before'),
  resume: text('<run>', 'go on with an interrupted run; no other setting can change'),
  checkpointSeconds,
  keepState: toggle('keep the state at the end, so that a run of more epochs can start from it'),
  keepWeights: integer(
    'keep the weights of every n-th epoch, for `laperm trace` (default: best and last only)',
    1,
  ),
  tensorboard: toggle(
    'an event file for TensorBoard in the run directory: scalars, and histograms of kernels',
  ),
  ...storeFlags,
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
  if (flags.out !== undefined) return '--out'
  return flags.again === true ? '--again' : undefined
}

/** What was asked for beside the run, and a run that has finished does not give any more. */
const missed = async (run: Run, flags: TrainFlags): Promise<readonly string[]> => {
  const { directory } = run
  const has = (file: string): boolean => existsSync(join(directory, file))
  return [
    ...(flags.tensorboard === true && !has(eventFileName)
      ? [
          `--tensorboard wrote nothing, because this run had finished before. laperm runs export ${shellWord(directory)} --format tensorboard --out events makes an event file from its metrics; --again trains it anew, with histograms.`,
        ]
      : []),
    ...(flags.keepState === true && !has(runFiles.checkpoint)
      ? [
          '--keep-state kept nothing, because this run had finished before without it, and its state is gone. --again trains it anew and keeps it.',
        ]
      : []),
    ...(flags.keepWeights !== undefined && (await keptEpochs(run)).length === 0
      ? [
          '--keep-weights kept nothing, because this run had finished before without it. --again trains it anew and keeps them.',
        ]
      : []),
  ]
}

/** What the ending of a run means to the caller of the process. */
const conclude = async (
  result: ExecuteRunResult,
  flags: TrainFlags,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { summary } = result
  if (result.kind === 'alreadyFinished')
    for (const line of await missed(result.run, flags)) terminal.err(`warning: ${line}`)
  const isBroken = summary.optimizer === 'laperm' && summary.isPermutation !== true
  const problem =
    summary.status === 'diverged'
      ? `training diverged at step ${summary.divergedAt}: the loss or a weight is not a finite number. The weights of step ${summary.weightsStep} were kept. Try a lower --learning-rate.`
      : isBroken
        ? 'the trained weights are not a permutation of the initial ones'
        : null
  if (flags.json === true)
    terminal.out(
      JSON.stringify({
        ...summary,
        ...(result.kind === 'alreadyFinished' ? { alreadyFinished: true } : {}),
        ...(problem === null ? {} : { error: { _tag: summary.status, message: problem } }),
      }),
    )
  else {
    if (result.kind === 'alreadyFinished')
      terminal.out('This run had finished before; --again trains it anew.')
    const firstDifference = result.kind === 'trained' ? result.outcome.proof.firstDifference : undefined
    for (const line of trainReport(summary, result.run.config.experiment, firstDifference)) terminal.out(line)
  }
  if (problem !== null) {
    terminal.err(`laperm: ${problem}`)
    return exitCodes.failed
  }
  if (summary.status === 'interrupted') {
    terminal.err(
      `interrupted after step ${summary.steps}; to go on: laperm train --resume ${shellWord(summary.runDirectory)}`,
    )
    return exitCodes.interrupted
  }
  return exitCodes.done
}

const runTrain = async (
  { argument, flags, settings, words }: Given<typeof trainFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const fail = (failure: Failure): ExitCode => reportFailure(terminal, json, failure)
  const opened = await openStore(flags, terminal.environment)
  if (E.isLeft(opened)) return fail(opened.left)
  const store = opened.right
  const watch = watchRun(flags, terminal)
  const options = {
    ...loadersOf(flags, terminal),
    ...watch,
    ...(store === null ? {} : { stored: { store } }),
    tensorboard: flags.tensorboard ?? false,
    keepState: flags.keepState ?? false,
    keepWeights: flags.keepWeights,
    checkpointEveryMs: (flags.checkpointSeconds ?? 60) * 1000,
  }
  if (flags.resume !== undefined) {
    const other = unwelcome(argument, settings, flags)
    if (other !== undefined)
      return fail(
        usageError(
          `A resumed run keeps its settings, so --resume takes no ${other}. Start a new run to change them.`,
        ),
      )
    const continued = await continueRun(runPath(flags.resume), {
      ...options,
      loadData: (experiment, source) => {
        const { dataset } = experiment
        const misplaced = misplacedDataFlag(flags, { dataset, folder: source.folder, isNamedHere: false })
        return misplaced === null ? options.loadData(experiment, source) : TE.left(misplaced)
      },
      sourceOf: (source) => sourceNow(source, flags, terminal.environment),
    })()
    watch.stop()
    await store?.close()
    return E.isLeft(continued) ? fail(continued.left) : conclude(continued.right, flags, terminal)
  }
  const asked = await askedFor(argument, settings, flags, terminal)
  if (E.isLeft(asked)) return fail(asked.left)
  const { experiment, source, dataset } = asked.right
  const executed = await executeRun(experiment, {
    ...options,
    ...(dataset === null ? {} : { loadData: () => TE.right(dataset) }),
    directory: flags.out ?? null,
    parent: usualDirectory,
    source,
    commandLine: commandLineOf(words),
    again: flags.again,
  })()
  watch.stop()
  await store?.close()
  return E.isLeft(executed) ? fail(executed.left) : conclude(executed.right, flags, terminal)
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
  $ laperm train conv7 --store s3://bucket/runs   keep the run there, too, and go on with it on any machine
  $ laperm train --resume runs/conv7-...       go on with the interrupted run of a directory, bit for bit

Every flag that is left out comes from the model's recipe, which \`laperm list\` prints; but instead of MNIST, digits are
trained on unless MNIST is named.
A run directory (default: below ./runs) gets config.json, metrics.jsonl, summary.json and the weights.
The same command, given again, does what is missing: it shows a run that has finished and goes on with one that has not.
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
  run: runTrain,
})
