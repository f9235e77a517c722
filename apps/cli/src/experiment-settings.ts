/** From the flags of `laperm train` to the settings of an experiment. */
import type { LearningRateSpec, SparsitySpec } from '@laperm/core'
import {
  type Experiment,
  type ExperimentError,
  type ExperimentSettings,
  experimentModel,
  inferExperiment,
  type OuterSettings,
  resolveExperiment,
  withInitialLearningRate,
} from '@laperm/train'
import { either as E } from 'fp-ts'
import { type UsageError, usageError } from './failure.ts'
import type { ExperimentFlags } from './invocation.ts'

const kernelCount = (experiment: Experiment): number => {
  const inferred = inferExperiment(experiment)
  if (E.isLeft(inferred)) throw new TypeError(`${experimentModel(experiment).name} does not infer`)
  return inferred.right.parameters.filter(({ role }) => role === 'kernel').length
}

/** A single number follows the paper's rule, but in a network of one kernel that kernel is meant. */
const sparsityOf = (given: number | SparsitySpec, experiment: Experiment): SparsitySpec => {
  if (typeof given !== 'number') return given
  if (given === 0) return { kind: 'none' }
  return kernelCount(experiment) === 1
    ? { kind: 'perKernel', fractions: [given] }
    : { kind: 'uniform', fraction: given }
}

const initialOf = (schedule: LearningRateSpec): number =>
  schedule.kind === 'constant' ? schedule.value : schedule.initial

const learningRateOf = (flags: ExperimentFlags, { learningRate }: Experiment): LearningRateSpec => {
  const started =
    flags.learningRate === undefined
      ? learningRate
      : withInitialLearningRate(learningRate, flags.learningRate)
  return flags.learningRateDecay === undefined
    ? started
    : { kind: 'exponential', initial: initialOf(started), decay: flags.learningRateDecay, everyEpochs: 1 }
}

/**
 * The experiment that the flags ask for: the recipe, overridden.
 *
 * @returns `Left` with the first flag that breaks a rule.
 */
export const experimentFromFlags = (
  model: string,
  flags: ExperimentFlags,
): E.Either<ExperimentError | UsageError, Experiment> => {
  const base: ExperimentSettings = {
    model,
    dataset: flags.dataset,
    normalization: flags.normalize,
    optimizer: flags.optimizer,
    innerOptimizer: flags.innerOptimizer,
    outer: {
      syncPeriod: flags.syncPeriod,
      slowStepSize: flags.slowStepSize,
      roles: flags.permute as OuterSettings['roles'],
    },
    initializer: flags.init,
    epochs: flags.epochs,
    batchSize: flags.batchSize,
    seed: flags.seed,
    limit: flags.limit,
    evaluateInner: flags.evaluateInner,
    engine: flags.engine,
    threads: flags.threads,
    augmentation:
      flags.augment === false ? null : typeof flags.augment === 'object' ? flags.augment : undefined,
  }
  const resolved = resolveExperiment(base)
  if (E.isLeft(resolved)) return resolved
  if (flags.augment === true && resolved.right.augmentation === null)
    return E.left(
      usageError(
        `The recipe of ${resolved.right.model} has no augmentation. Say which: --augment rotation=10,shift=0.1,zoom=0.1,flip`,
      ),
    )
  return resolveExperiment({
    ...base,
    learningRate: learningRateOf(flags, resolved.right),
    sparsity:
      flags.sparsity === undefined ? resolved.right.sparsity : sparsityOf(flags.sparsity, resolved.right),
  })
}
