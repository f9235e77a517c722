/** Measuring weights of a saved network on its whole test set, as often as one likes. */
import type { Params } from '@laperm/core'
import { inputSizeOf, limitDataset, makeNormalizer } from '@laperm/data'
import { checkSameData, fingerprintOf } from '@laperm/runs'
import { evaluateExamples, inferExperiment, planRun } from '@laperm/train'
import { either as E } from 'fp-ts'
import { engineNamed, loadEngine } from './engines.ts'
import type { Failure } from './failure.ts'
import type { DataFlags, OutputFlags } from './flags.ts'
import { loadData, sourceNow } from './load-data.ts'
import { misplacedDataFlag } from './misplaced-data-flag.ts'
import type { SavedWeights } from './saved-weights.ts'
import type { Terminal } from './terminal.ts'
import { threadsHere } from './threads.ts'

/** What a person may say of an evaluation. */
export interface EvaluationFlags extends DataFlags, OutputFlags {
  readonly engine?: string
  readonly threads?: number
}

/** How well weights do. */
export interface Score {
  /** Share of the test examples. */
  readonly accuracy: number
  /** Mean cross-entropy in nats. */
  readonly loss: number
  readonly correct: number
  readonly count: number
}

/** A compiled network with its test set. Whoever opened it closes it. */
export interface Evaluation {
  readonly engine: string
  readonly measure: (params: Params) => Promise<E.Either<Failure, Score>>
  readonly close: () => Promise<void>
}

/** Load the network's engine and its data, which must be those that a run was trained on. */
export const openEvaluation = async (
  { experiment, data, run }: Pick<SavedWeights, 'experiment' | 'data' | 'run'>,
  flags: EvaluationFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, Evaluation>> => {
  const misplaced = misplacedDataFlag(flags, {
    dataset: experiment.dataset,
    folder: data.folder,
    isNamedHere: false,
  })
  if (misplaced !== null) return E.left(misplaced)
  const known = engineNamed(flags.engine ?? experiment.engine)
  if (E.isLeft(known)) return known
  const threads = threadsHere(flags.threads ?? experiment.threads, known.right, terminal)
  const engine = await loadEngine(known.right, threads, terminal.environment)()
  if (E.isLeft(engine)) return engine
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
  if (E.isLeft(loaded)) return loaded
  const dataset = loaded.right
  if (run === null) {
    // Nobody has trained the network on these data yet.
    const plan = planRun(experiment, dataset)
    if (E.isLeft(plan)) return plan
  } else {
    // The run's hashes are those of the test examples that training looked at.
    const same = checkSameData(run, fingerprintOf(limitDataset(dataset, null, experiment.testLimit)))
    if (E.isLeft(same)) return same
  }
  const inferred = inferExperiment(experiment)
  if (E.isLeft(inferred)) return inferred
  const compiled = await engine.right.compile(inferred.right, {
    loss: 'softmaxCrossEntropy',
    innerOptimizer: experiment.innerOptimizer,
    outerUpdate: { kind: 'none' },
    batchSize: experiment.batchSize,
    seed: experiment.seed,
  })()
  if (E.isLeft(compiled)) return compiled
  const session = compiled.right
  // The statistics of the training examples that the run saw, as in training.
  const normalizer = makeNormalizer(experiment.normalization, dataset.train, dataset.inputShape)
  const inputSize = inputSizeOf(dataset.inputShape)
  return E.right({
    engine: known.right.name,
    measure: async (params) => {
      const initialized = await session.initialize(params)()
      if (E.isLeft(initialized)) return E.left({ ...initialized.left, runDirectory: null })
      const score = await evaluateExamples(session, normalizer, dataset.test, inputSize)()
      return E.isLeft(score) ? E.left({ ...score.left, runDirectory: null }) : score
    },
    close: () => session.dispose(),
  })
}
