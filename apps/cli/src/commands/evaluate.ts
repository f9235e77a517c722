/** `laperm evaluate`: the weights of a run or a `.laperm` file on the whole test set, and the proof once more, from the files alone. */
import { checkPermutations } from '@laperm/core'
import { inputSizeOf, limitDataset, makeNormalizer } from '@laperm/data'
import { checkSameData, fingerprintOf } from '@laperm/runs'
import { evaluateExamples, inferExperiment, modelNameOf, optimizerOf, permutedRolesOf } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { engineNamed, engineNames, loadEngine } from '../engines.ts'
import { reportFailure } from '../failure.ts'
import { dataFlags, integer, oneOf, outputFlags } from '../flags.ts'
import { formatCount, formatShare } from '../format.ts'
import { loadData, sourceNow } from '../load-data.ts'
import { readSavedWeights } from '../saved-weights.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { threadsHere } from '../threads.ts'
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
  const { experiment, params, initialParams, data, run, path } = saved.right
  const known = engineNamed(flags.engine ?? experiment.engine)
  if (E.isLeft(known)) return reportFailure(terminal, json, known.left)
  const threads = threadsHere(flags.threads ?? experiment.threads, known.right, terminal)
  const engine = await loadEngine(known.right, threads, terminal.environment)()
  if (E.isLeft(engine)) return reportFailure(terminal, json, engine.left)
  const loaded = await loadData(
    {
      dataset: experiment.dataset,
      limit: experiment.limit,
      // The whole test set, also where training looked at a part of it.
      testLimit: null,
      source: sourceNow(data, flags, terminal.environment),
      offline: flags.offline ?? false,
      quiet: flags.quiet ?? false,
    },
    terminal,
  )()
  if (E.isLeft(loaded)) return reportFailure(terminal, json, loaded.left)
  const dataset = loaded.right
  if (run !== null) {
    // The run's hashes are those of the test examples that training looked at.
    const same = checkSameData(run, fingerprintOf(limitDataset(dataset, null, experiment.testLimit)))
    if (E.isLeft(same)) return reportFailure(terminal, json, same.left)
  }
  const inferred = inferExperiment(experiment)
  if (E.isLeft(inferred)) return reportFailure(terminal, json, inferred.left)
  const compiled = await engine.right.compile(inferred.right, {
    loss: 'softmaxCrossEntropy',
    innerOptimizer: experiment.innerOptimizer,
    outerUpdate: { kind: 'none' },
    batchSize: experiment.batchSize,
    seed: experiment.seed,
  })()
  if (E.isLeft(compiled)) return reportFailure(terminal, json, compiled.left)
  const session = compiled.right
  try {
    const initialized = await session.initialize(params)()
    if (E.isLeft(initialized))
      return reportFailure(terminal, json, { ...initialized.left, runDirectory: null })
    // The statistics of the training examples that the run saw, as in training.
    const normalizer = makeNormalizer(experiment.normalization, dataset.train, dataset.inputShape)
    const evaluated = await evaluateExamples(
      session,
      normalizer,
      dataset.test,
      inputSizeOf(dataset.inputShape),
    )()
    if (E.isLeft(evaluated)) return reportFailure(terminal, json, { ...evaluated.left, runDirectory: null })
    const score = evaluated.right
    const proof = checkPermutations(initialParams, params, permutedRolesOf(experiment))
    const said = proofLine(optimizerOf(experiment), experiment.seed, proof, path)
    const isBroken = optimizerOf(experiment) === 'laperm' && !proof.isPermutation
    if (json)
      terminal.out(
        JSON.stringify({
          model: modelNameOf(experiment.model),
          dataset: experiment.dataset,
          engine: known.right.name,
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
    await session.dispose()
  }
}

export const evaluate = defineCommand({
  name: 'evaluate',
  summary: "measure a run's weights on the whole test set, and check that they are a permutation",
  argument: { name: 'run', isRequired: true, help: "the run's directory, or a .laperm file" },
  flags: evaluateFlags,
  run: ({ argument = '', flags }, terminal) => runEvaluate(argument, flags, terminal),
})
