/** The command line's grammar and its help. Says what is wrong in our own words, with the nearest known name. */
import { datasetNames, normalizations } from '@laperm/data'
import { nearestName, zooNames } from '@laperm/models'
import { engineNames, optimizerNames } from '@laperm/train'
import { Command, CommanderError } from 'commander'
import { either as E } from 'fp-ts'
import { backendNames } from './backends.ts'
import { type UsageError, usageError } from './failure.ts'
import {
  parseAugmentation,
  parseInitializer,
  parseInnerOptimizer,
  parseNumber,
  parseSparsity,
  parseSyncPeriod,
} from './flag-values.ts'
import type {
  DataFlags,
  EvaluateFlags,
  Invocation,
  OutputFlags,
  TrainFlags,
  VerifyFlags,
} from './invocation.ts'

const trainExamples = `
Examples
  $ laperm train f2                            reconnect F2 on the built-in digits; needs no files and no network
  $ laperm train conv7 --dataset mnist         the paper's recipe: MNIST, batch 50, 45 epochs, k = 20
  $ laperm train conv7 --epochs 5 --sync-period 1200 --seed 2
  $ laperm train mlp --optimizer adam          the inner optimizer alone, to compare
  $ laperm train f2 --sparsity 0.9,0.9,0.9     prune 90% of each of the three kernels
  $ laperm train --resume runs/conv7-...       go on with an interrupted run, bit for bit

Every flag that is left out comes from the model's recipe, which \`laperm list\` prints; but instead of MNIST, digits are
trained on unless MNIST is named.
A run directory (default: below ./runs) gets config.json, metrics.jsonl, summary.json and the weights.
Accuracies are measured right after a synchronization, so the weights they belong to are permutations of the initial ones.
Ctrl-C ends a run with a checkpoint; press it twice to stop at once.`

const topExamples = `
Examples
  $ laperm train f2
  $ laperm train f1 --dataset mnist --seed 1
  $ laperm evaluate runs/f2-digits-laperm-s1-...
  $ laperm doctor
  $ laperm verify --backend wasm              prove a backend equal to the reference on this machine

Environment
  LAPERM_DATA_DIR    directory with MNIST, Fashion-MNIST or CIFAR-10 files (--data-dir wins)
  LAPERM_CACHE_DIR   where downloads are kept (default: the operating system's cache directory)
  LAPERM_SOFTWARE_GPU=1   take a GPU that is a program on the CPU too (SwiftShader, llvmpipe)

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
LaPerm: Qiu & Suda, Train by Reconnect, NeurIPS 2020, arXiv:2003.02570.`

const verifyNotes = `
Every law of a synchronization is checked on drawn weights: ties, both zeros, subnormals, infinities, vectors of 1 to 16384 weights;
results are compared with core's bit for bit. A backend that cannot run here is listed with the reason.
Exit code 0 when every backend that runs equals the reference; a backend named with --backend must run.`

const addDataFlags = (command: Command): Command =>
  command
    .option('--data-dir <directory>', 'look here for data files first (or set LAPERM_DATA_DIR)')
    .option('--accept-checksum', 'read files of the data directory although they are not the published ones')
    .option('--offline', 'never download')

const addOutputFlags = (command: Command): Command =>
  command
    .option('--json', 'print one JSON object and nothing else on standard output')
    .option('--quiet', 'no progress on standard error')

const list = (names: readonly string[]): string => names.join(', ')

const defineTrain = (command: Command): Command =>
  addOutputFlags(
    addDataFlags(
      command
        .description('train a model by reconnecting its weights')
        .argument('[model]', list(zooNames))
        .optionsGroup('What to train on')
        .option('--dataset <name>', `${list(datasetNames)} (default: digits, or cifar10 for its models)`)
        .option('--limit <n>', 'use only the first n training examples', parseNumber)
        .option('--normalize <kind>', list(normalizations))
        .option('--augment [spec]', "the recipe's, or e.g. rotation=10,shift=0.1,zoom=0.1,flip", (text) =>
          parseAugmentation(text),
        )
        .option('--no-augment', 'train on the images as they are')
        .optionsGroup('How to train')
        .option('--optimizer <name>', `${list(optimizerNames)} (default: laperm)`)
        .option('--sync-period <k>', 'inner steps between synchronizations; or 20,1000@5001', parseSyncPeriod)
        .option('--inner-optimizer <name>', 'adam, sgd, momentum, nesterov', parseInnerOptimizer)
        .option('--slow-step-size <a>', "Lookahead's alpha (default: 0.5)", parseNumber)
        .option('--permute <roles>', 'what is permuted: kernel, bias, gamma, beta', (text) => text.split(','))
        .option(
          '--init <name>',
          'he-uniform, he-normal, glorot-uniform, ..., equidistant, shared:0.03',
          parseInitializer,
        )
        .option(
          '--sparsity <p>',
          'share pruned: a number (of the first kernel at most 0.2), or one a kernel: 14/15,6/7,2/3',
          parseSparsity,
        )
        .option('--epochs <n>', 'times that every training example is seen', parseNumber)
        .option('--batch-size <n>', 'examples in a step', parseNumber)
        .option('--learning-rate <x>', "where the recipe's schedule starts", parseNumber)
        .option(
          '--learning-rate-decay <x>',
          'multiply the learning rate by this after every epoch',
          parseNumber,
        )
        .option(
          '--seed <n>',
          'decides initial weights, batches, augmentation, dropout (default: 1)',
          parseNumber,
        )
        .option('--evaluate-inner', "also measure the inner optimizer's unsynchronized accuracy")
        .optionsGroup('Where and with what')
        .option('--engine <name>', list(engineNames))
        .option('--threads <n>', 'threads of the engine (default: what the machine has)', parseNumber)
        .option('--out <directory>', "the run's own directory, new or empty")
        .option('--resume <run>', 'go on with an interrupted run; no other setting can change')
        .option('--checkpoint-seconds <n>', 'least time between two checkpoints (default: 60)', parseNumber),
    ),
  ).addHelpText('after', trainExamples)

/** The first thing in quotes: commander names the culprit that way. */
const quoted = (message: string): string => /'([^']+)'/.exec(message)?.[1] ?? ''

const flagsOf = (command: Command): readonly string[] =>
  command.options.flatMap(({ long }) => (long == null ? [] : [long])).concat('--help')

const suggestion = (name: string, known: readonly string[]): string => {
  const nearest = nearestName(name, known)
  return nearest === null ? '' : ` Did you mean '${nearest}'?`
}

/** Commander's error in our words. */
const reword = (error: CommanderError, command: Command): UsageError => {
  const help = `See 'laperm ${command.parent === null ? '' : `${command.name()} `}--help'.`
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
      return usageError(`'laperm ${command.name()}' needs a <${culprit}>. ${help}`)
    case 'commander.excessArguments':
      return usageError(`'laperm ${command.name()}' was given more than it takes. ${help}`)
    case 'commander.invalidArgument': {
      // "error: option '--epochs <n>' argument 'ten' is invalid. <what the parser of the value said>"
      const [flag = ''] = culprit.split(' ')
      const reason = error.message.slice(error.message.indexOf(' is invalid. ') + 13)
      return usageError(`${flag}: ${reason}`)
    }
    default:
      return usageError(error.message.replace(/^error: /, ''))
  }
}

/**
 * Parse the command line.
 *
 * @param write prints help and the version when they are asked for.
 * @returns `Left(UsageError)` in a person's words.
 */
export const parseArguments = (
  words: readonly string[],
  version: string,
  write: (text: string) => void,
): E.Either<UsageError, Invocation> => {
  let invocation: Invocation | undefined
  let erring: Command | undefined
  const define = (name: string): Command => {
    const command = program.command(name)
    return command.exitOverride((error) => {
      erring = command
      throw error
    })
  }
  const program = new Command('laperm')
  program
    .description(
      'Train neural networks by reconnecting their weights: the trained weights are a permutation of the initial ones.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .showSuggestionAfterError(false)
    .exitOverride((error) => {
      erring = program
      throw error
    })
    .addHelpText('after', topExamples)
  defineTrain(define('train')).action((model: string | undefined, flags: TrainFlags) => {
    invocation = { command: 'train', model, flags }
  })
  addOutputFlags(
    addDataFlags(
      define('evaluate')
        .description("measure a run's weights on the whole test set, and check that they are a permutation")
        .argument('<run>', "the run's directory")
        .option('--weights <which>', 'best or last (default: best)')
        .option('--threads <n>', 'threads of the engine (default: what the machine has)', parseNumber),
    ),
  ).action((run: string, flags: EvaluateFlags) => {
    invocation = { command: 'evaluate', run, flags }
  })
  addOutputFlags(
    addDataFlags(
      define('doctor').description(
        'what this machine has, and for each missing thing why and what to install',
      ),
    ),
  ).action((flags: DataFlags & OutputFlags) => {
    invocation = { command: 'doctor', flags }
  })
  addOutputFlags(
    define('verify')
      .description('prove the backends of this machine equal to core, on its own hardware')
      .option('--backend <name>', `${list(backendNames)}, or all (default: all)`)
      .option('--seed <n>', 'decides the cases (default: 1)', parseNumber)
      .option('--trials <n>', 'random trials after the boundary lengths (default: 40)', parseNumber),
  )
    .addHelpText('after', verifyNotes)
    .action((flags: VerifyFlags) => {
      invocation = { command: 'verify', flags }
    })
  addOutputFlags(define('list').description('the models with their recipes, and the data sets')).action(
    (flags: OutputFlags) => {
      invocation = { command: 'list', flags }
    },
  )
  try {
    program.parse([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version')
      return E.right({ command: 'none', isUsageError: false })
    if (error.code === 'commander.help') {
      write(program.helpInformation())
      write(`${topExamples}\n`)
      return E.right({ command: 'none', isUsageError: true })
    }
    return E.left(reword(error, erring ?? program))
  }
  return E.right(invocation ?? { command: 'none', isUsageError: true })
}
