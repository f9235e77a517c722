/** `laperm evaluate`: weights on the whole test set; of a run or a `.laperm` file with the proof once more, from the files alone. */
import { checkPermutations } from '@laperm/core'
import { modelNameOf, optimizerOf, permutedRolesOf } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { evaluateFlags, foreignSettings } from '../evaluate-flags.ts'
import { evaluateForeign } from '../evaluate-foreign.ts'
import { openEvaluation } from '../evaluation.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { formatCount, formatShare } from '../format.ts'
import { packedEnding } from '../packed-file.ts'
import { readSavedWeights } from '../saved-weights.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { proofLine } from '../train-report.ts'

const evaluateSaved = async (
  argument: string,
  flags: FlagValues<typeof evaluateFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const which = flags.weights ?? 'best'
  const saved = await readSavedWeights(argument, which)
  if (E.isLeft(saved)) return reportFailure(terminal, json, saved.left)
  const { experiment, params, initialParams, run, path, warnings } = saved.right
  for (const warning of warnings) terminal.err(`warning: ${warning}`)
  const opened = await openEvaluation(saved.right, flags, terminal)
  if (E.isLeft(opened)) return reportFailure(terminal, json, opened.left)
  const evaluation = opened.right
  try {
    const evaluated = await evaluation.measure(params)
    if (E.isLeft(evaluated)) return reportFailure(terminal, json, evaluated.left)
    const score = evaluated.right
    const proof = checkPermutations(initialParams, params, permutedRolesOf(experiment))
    const said = proofLine(optimizerOf(experiment), experiment.seed, proof, path)
    const isBroken = optimizerOf(experiment) === 'laperm' && !proof.isPermutation
    if (json)
      terminal.out(
        JSON.stringify({
          model: modelNameOf(experiment.model),
          dataset: experiment.dataset,
          engine: evaluation.engine,
          optimizer: optimizerOf(experiment),
          seed: experiment.seed,
          weights: run === null ? 'packed' : which,
          testAccuracy: score.accuracy,
          testLoss: score.loss,
          testExamples: score.count,
          weightVectors: proof.weightVectors,
          permutedVectors: proof.permutedVectors,
          isPermutation: proof.isPermutation,
          ...(run === null ? { file: path } : { runDirectory: run.directory }),
          ...(isBroken ? { error: { _tag: 'NoPermutation', message: said } } : {}),
        }),
      )
    else {
      terminal.out(
        `${modelNameOf(experiment.model)} on ${experiment.dataset}, ${run === null ? `weights of ${path}` : `${which} weights of ${run.directory}`}`,
      )
      terminal.out(
        `  test accuracy ${formatShare(score.accuracy)} (${formatCount(score.correct)} of ${formatCount(score.count)}), loss ${score.loss.toFixed(4)}`,
      )
      terminal.out(`  ${said}`)
    }
    if (!isBroken) return exitCodes.done
    terminal.err(`laperm: ${said}`)
    return exitCodes.failed
  } finally {
    await evaluation.close()
  }
}

/** A file that is none of ours needs a model; a flag for such a file has no meaning for a run. */
const misplaced = (
  argument: string,
  { model, axes, flatten, weights, initialWeights }: FlagValues<typeof evaluateFlags>,
  settings: Readonly<Record<string, unknown>>,
): Failure | null => {
  if (model !== undefined) return null
  const given = [
    ...(axes === undefined ? [] : ['axes']),
    ...(flatten === undefined ? [] : ['flatten']),
    ...(initialWeights === undefined ? [] : ['initial-weights']),
    ...Object.keys(settings),
  ]
  if (given.length > 0)
    return usageError(
      `--${given[0]} is for another program's weights, which also need --model; a run and a .laperm file of ours know what they were trained on.`,
    )
  const isPacked = argument.endsWith(packedEnding)
  if (isPacked && weights !== undefined)
    return usageError(`--weights chooses between those of a run, and ${argument} is a file.`)
  return isPacked || !/\.(safetensors|h5|hdf5|keras|onnx|npz|npy|json)$/i.test(argument)
    ? null
    : usageError(
        `${argument} holds weights and no model. Name one, for example --model conv7 --dataset mnist.`,
      )
}

export const evaluate = defineCommand({
  name: 'evaluate',
  summary: 'measure weights on the whole test set; of a run, check that they are a permutation',
  argument: {
    name: 'weights',
    isRequired: true,
    help: "a run's directory, a .laperm file, or with --model a file of another program: .safetensors, .h5, .keras, model.json of tfjs, .onnx, .npz",
  },
  flags: evaluateFlags,
  settingFlags: foreignSettings,
  notes: `
Examples
  $ laperm evaluate runs/conv7-...
  $ laperm evaluate weights.h5 --model conv7 --dataset mnist
  $ laperm evaluate model.safetensors --model net.json --dataset cifar10 --normalize unit
  $ laperm evaluate model.laperm --initial-weights start.safetensors --model net.json --dataset cifar10

Another program's weights go into the model by their layers' order, kind and shape; a table says what went where, and what does not fit is listed.`,
  run: (given, terminal) => {
    const { argument = '', flags, settings } = given
    const failure = misplaced(argument, flags, settings)
    if (failure !== null) return reportFailure(terminal, flags.json ?? false, failure)
    return flags.model === undefined
      ? evaluateSaved(argument, flags, terminal)
      : evaluateForeign(argument, given, terminal)
  },
})
