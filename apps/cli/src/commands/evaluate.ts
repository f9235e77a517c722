/** `laperm evaluate`: the weights of a run or a `.laperm` file on the whole test set, and the proof once more, from the files alone. */
import { checkPermutations } from '@laperm/core'
import { modelNameOf, optimizerOf, permutedRolesOf } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { engineNames } from '../engines.ts'
import { openEvaluation } from '../evaluation.ts'
import { reportFailure } from '../failure.ts'
import { dataFlags, integer, oneOf, outputFlags } from '../flags.ts'
import { formatCount, formatShare } from '../format.ts'
import { readSavedWeights } from '../saved-weights.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { proofLine } from '../train-report.ts'

const evaluateFlags = {
  weights: oneOf('weights', ['best', 'last'], 'of a run: best or last (default: best)'),
  engine: oneOf('engine', engineNames, `${engineNames.join(', ')} (default: the one that trained)`),
  threads: integer('threads of the engine (default: those of the run)', 1),
  ...dataFlags,
  ...outputFlags,
}

const runEvaluate = async (
  argument: string,
  flags: FlagValues<typeof evaluateFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const which = flags.weights ?? 'best'
  const saved = await readSavedWeights(argument, which)
  if (E.isLeft(saved)) return reportFailure(terminal, json, saved.left)
  const { experiment, params, initialParams, run, path } = saved.right
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

export const evaluate = defineCommand({
  name: 'evaluate',
  summary: "measure a run's weights on the whole test set, and check that they are a permutation",
  argument: { name: 'run', isRequired: true, help: "the run's directory, or a .laperm file" },
  flags: evaluateFlags,
  run: ({ argument = '', flags }, terminal) => runEvaluate(argument, flags, terminal),
})
