/**
 * An experiment as plain data: everything that decides a run's result, with nothing left to a default.
 *
 * `resolveExperiment` starts from the paper's recipe and checks every field; a saved `config.json` goes through the same checks.
 */
import {
  adamSpec,
  type InitializerSpec,
  type InnerOptimizerSpec,
  type LearningRateSpec,
  type ParameterRole,
  type SparsitySpec,
  type SyncPeriodSpec,
  sgdSpec,
} from '@laperm/core'
import {
  type AugmentationSpec,
  type DatasetName,
  datasetNames,
  type Normalization,
  normalizations,
} from '@laperm/data'
import { inferShapes, type ZooName, zoo, zooNames } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { ExperimentError } from './errors.ts'
import { recipes } from './recipes.ts'
import {
  checkBoolean,
  checkFraction,
  checkInteger,
  checkList,
  checkName,
  checkRecord,
  refuse,
  SettingProblem,
} from './setting-checks.ts'
import {
  checkAugmentation,
  checkInitializer,
  checkInnerOptimizer,
  checkLearningRate,
  checkSparsity,
  checkSyncPeriod,
} from './spec-checks.ts'

/** `laperm` and `lookahead` synchronize every k steps; `adam` and `sgd` are their inner optimizers alone. */
export const optimizerNames = ['laperm', 'adam', 'sgd', 'lookahead'] as const
/** One of {@link optimizerNames}. */
export type OptimizerName = (typeof optimizerNames)[number]

/** The engines that an experiment may name. `onnx` runs by npm alone and is the fastest on a CPU; the others run on tfjs's backends. */
export const engineNames = ['onnx', 'wasm', 'webgpu', 'node', 'cuda'] as const
/** One of {@link engineNames}. */
export type EngineName = (typeof engineNames)[number]

const permutableRoles = ['kernel', 'bias', 'gamma', 'beta'] as const satisfies readonly ParameterRole[]

/** Everything that decides the result of a training run. Two equal experiments on one engine give the same run, bit for bit. */
export interface Experiment {
  readonly model: ZooName
  readonly dataset: DatasetName
  readonly normalization: Normalization
  /** Null trains on the images as they are. */
  readonly augmentation: AugmentationSpec | null
  readonly engine: EngineName
  /** Null lets the engine take what the machine has. */
  readonly threads: number | null
  readonly optimizer: OptimizerName
  readonly innerOptimizer: InnerOptimizerSpec
  /** The paper's k, constant or by step. Null for `adam` and `sgd`, which never synchronize. */
  readonly syncPeriod: SyncPeriodSpec | null
  /** Lookahead's alpha, in (0, 1]. Null for every other optimizer. */
  readonly slowStepSize: number | null
  /** Roles that LaPerm permutes; every other trainable parameter is left to the inner optimizer. */
  readonly permutedRoles: readonly ParameterRole[]
  /** Of the kernels; biases and batch normalization start as the model says. */
  readonly initializer: InitializerSpec
  readonly sparsity: SparsitySpec
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: LearningRateSpec
  /** Decides initial weights, pruning, order of examples, augmentation and dropout. An integer in [0, 2^32). */
  readonly seed: number
  /** Train on this many examples; null takes them all. */
  readonly limit: number | null
  /** Also measure the inner optimizer's accuracy just before each evaluated synchronization (Figure 6d). */
  readonly evaluateInner: boolean
}

type Named = 'model' | 'dataset' | 'normalization' | 'engine' | 'optimizer'

/** What a person sets of an {@link Experiment}; the rest comes from the model's recipe. Names are any string: they are checked. */
export type ExperimentSettings = { readonly model: string } & {
  readonly [K in Exclude<keyof Experiment, 'model'>]?: (K extends Named ? string : Experiment[K]) | undefined
}

/** The learning rate schedule with another start and the same shape. */
export const withInitialLearningRate = (schedule: LearningRateSpec, initial: number): LearningRateSpec =>
  schedule.kind === 'constant' ? { kind: 'constant', value: initial } : { ...schedule, initial }

/** Lookahead's defaults: k = 5, alpha = 0.5. @see Zhang et al. 2019, arXiv:1907.08610 Section 5 */
const lookaheadDefaults = { syncPeriod: 5, slowStepSize: 0.5 }
/** Section 3's learning rate for plain SGD. */
const sgdLearningRate = 1e-1

/**
 * What is trained on when nobody names a data set: the paper's, but `digits` instead of MNIST, because it needs no files and no network
 * and has the same shape. Its accuracies are its own; the paper's need `dataset: 'mnist'`.
 */
export const defaultDataset = (model: ZooName): DatasetName => {
  const { dataset } = recipes[model]
  return dataset === 'mnist' ? 'digits' : dataset
}

/** The recipe of a model, completed for an optimizer. */
const defaultsFor = (model: ZooName, optimizer: OptimizerName, inner: unknown): Omit<Experiment, 'limit'> => {
  const { syncPeriod, learningRate, source: _, ...recipe } = recipes[model]
  const innerOptimizer = optimizer === 'sgd' ? sgdSpec : adamSpec
  const isAdam = ((inner ?? innerOptimizer) as { readonly kind?: unknown }).kind === 'adam'
  return {
    ...recipe,
    dataset: defaultDataset(model),
    model,
    engine: 'onnx',
    threads: null,
    optimizer,
    innerOptimizer,
    syncPeriod:
      optimizer === 'laperm'
        ? { kind: 'constant', period: syncPeriod }
        : optimizer === 'lookahead'
          ? { kind: 'constant', period: lookaheadDefaults.syncPeriod }
          : null,
    slowStepSize: optimizer === 'lookahead' ? lookaheadDefaults.slowStepSize : null,
    permutedRoles: zoo[model].permutedRoles,
    initializer: zoo[model].initializers.kernel,
    learningRate: isAdam ? learningRate : withInitialLearningRate(learningRate, sgdLearningRate),
    seed: 1,
    evaluateInner: false,
  }
}

const experimentKeys: readonly (keyof Experiment)[] = [
  'model',
  'dataset',
  'normalization',
  'augmentation',
  'engine',
  'threads',
  'optimizer',
  'innerOptimizer',
  'syncPeriod',
  'slowStepSize',
  'permutedRoles',
  'initializer',
  'sparsity',
  'epochs',
  'batchSize',
  'learningRate',
  'seed',
  'limit',
  'evaluateInner',
]

const kernelCount = (model: ZooName): number => {
  const inferred = inferShapes(zoo[model])
  if (E.isLeft(inferred)) throw new TypeError(`zoo model ${model} does not infer`)
  return inferred.right.parameters.filter((parameter) => parameter.role === 'kernel').length
}

/** Check every field of a complete record. @throws SettingProblem */
const checkExperiment = (value: unknown): Experiment => {
  const record = checkRecord('experiment', value, experimentKeys)
  for (const key of experimentKeys)
    if (record[key] === undefined) refuse(key, undefined, 'it must be given in a saved experiment')
  const model = checkName('model', record.model, zooNames)
  const optimizer = checkName('optimizer', record.optimizer, optimizerNames)
  const innerOptimizer = checkInnerOptimizer(record.innerOptimizer)
  if (optimizer === 'adam' && innerOptimizer.kind !== 'adam')
    refuse(
      'innerOptimizer',
      innerOptimizer.kind,
      "optimizer 'adam' is Adam alone; choose 'sgd' for SGD or momentum",
    )
  if (optimizer === 'sgd' && innerOptimizer.kind === 'adam')
    refuse('innerOptimizer', 'adam', "optimizer 'sgd' is SGD or momentum alone; choose 'adam' for Adam")
  const synchronizes = optimizer === 'laperm' || optimizer === 'lookahead'
  if (!synchronizes && record.syncPeriod !== null)
    refuse('syncPeriod', record.syncPeriod, `optimizer '${optimizer}' never synchronizes, so it takes none`)
  if (optimizer !== 'lookahead' && record.slowStepSize !== null)
    refuse('slowStepSize', record.slowStepSize, "only optimizer 'lookahead' takes one")
  const batchSize = checkInteger('batchSize', record.batchSize, 1)
  const limit = record.limit === null ? null : checkInteger('limit', record.limit, 1)
  if (limit !== null && batchSize > limit)
    refuse(
      'batchSize',
      batchSize,
      `only ${limit} training examples are used (limit); a batch must not be larger`,
    )
  return {
    model,
    dataset: checkName('data set', record.dataset, datasetNames),
    normalization: checkName('normalization', record.normalization, normalizations),
    augmentation: checkAugmentation(record.augmentation),
    engine: checkName('engine', record.engine, engineNames),
    threads: record.threads === null ? null : checkInteger('threads', record.threads, 1, 1024),
    optimizer,
    innerOptimizer,
    syncPeriod: synchronizes ? checkSyncPeriod(record.syncPeriod) : null,
    slowStepSize: optimizer === 'lookahead' ? checkSlowStepSize(record.slowStepSize) : null,
    permutedRoles: checkList('permutedRoles', record.permutedRoles).map((role) =>
      checkName('role', role, permutableRoles),
    ),
    initializer: checkInitializer(record.initializer),
    sparsity: checkSparsity(record.sparsity, kernelCount(model)),
    epochs: checkInteger('epochs', record.epochs, 1),
    batchSize,
    learningRate: checkLearningRate(record.learningRate),
    seed: checkInteger('seed', record.seed, 0, 2 ** 32 - 1),
    limit,
    evaluateInner: checkBoolean('evaluateInner', record.evaluateInner),
  }
}

const checkSlowStepSize = (value: unknown): number =>
  value === 1
    ? 1
    : checkFraction('slowStepSize', value) ||
      refuse('slowStepSize', value, 'it must be above 0 and at most 1')

const eitherOf = (check: () => Experiment): E.Either<ExperimentError, Experiment> => {
  try {
    return E.right(check())
  } catch (error) {
    if (error instanceof SettingProblem) return E.left(error.problem)
    throw error
  }
}

/**
 * An experiment from what a person set: the model's recipe (on {@link defaultDataset}), overridden field by field, every field checked.
 *
 * @param settings fields that are left out or undefined come from the recipe; a null of the sync period is not one of them.
 * @returns `Left` with the first field that breaks its rule; an unknown name comes with the nearest known one.
 * @example resolveExperiment({ model: 'f2', dataset: 'mnist', epochs: 3 })
 */
export const resolveExperiment = (settings: ExperimentSettings): E.Either<ExperimentError, Experiment> =>
  eitherOf(() => {
    const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
    const model = checkName('model', given.model, zooNames)
    const optimizer = checkName('optimizer', given.optimizer ?? 'laperm', optimizerNames)
    return checkExperiment({ limit: null, ...defaultsFor(model, optimizer, given.innerOptimizer), ...given })
  })

/**
 * An experiment from a saved `config.json`: nothing is filled in, so that a run stays what it was when recipes change.
 *
 * @param value parsed JSON.
 * @returns `Left` with the first field that is missing, unknown or breaks its rule.
 */
export const parseExperiment = (value: unknown): E.Either<ExperimentError, Experiment> =>
  eitherOf(() => checkExperiment(value))
