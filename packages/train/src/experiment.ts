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
import { optimizerMeanings, optimizerNames, optimizerOf } from './optimizer-name.ts'
import { checkOuter, type OuterSpec, outerKinds } from './outer.ts'
import { recipes } from './recipes.ts'
import {
  checkBoolean,
  checkInteger,
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
} from './spec-checks.ts'

/** The engines that an experiment may name. `onnx` runs by npm alone and is the fastest on a CPU; the others run on tfjs's backends. */
export const engineNames = ['onnx', 'wasm', 'webgpu', 'node', 'cuda'] as const
/** One of {@link engineNames}. */
export type EngineName = (typeof engineNames)[number]

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
  readonly innerOptimizer: InnerOptimizerSpec
  /** What is done to the weights every k inner steps. */
  readonly outer: OuterSpec
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

/** What a person says of the outer update; the rest comes from the recipe, the model, or Lookahead's paper. */
export interface OuterSettings {
  /** `permute` unless said otherwise. */
  readonly kind?: string | undefined
  readonly syncPeriod?: SyncPeriodSpec | undefined
  readonly roles?: readonly ParameterRole[] | undefined
  readonly slowStepSize?: number | undefined
}

type Named = 'model' | 'dataset' | 'normalization' | 'engine'

/** What a person sets of an {@link Experiment}; the rest comes from the model's recipe. Names are any string: they are checked. */
export type ExperimentSettings = {
  readonly model: string
  /** Shorthand for the kind of the outer update; `adam` and `sgd` also say the inner optimizer. */
  readonly optimizer?: string | undefined
  readonly outer?: OuterSettings | undefined
} & {
  readonly [K in Exclude<keyof Experiment, 'model' | 'outer'>]?:
    | (K extends Named ? string : Experiment[K])
    | undefined
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

/** The fields of an outer update that nobody set. */
const outerDefaults = (kind: OuterSpec['kind'], model: ZooName): OuterSpec => {
  switch (kind) {
    case 'none':
      return { kind }
    case 'permute':
      return {
        kind,
        syncPeriod: { kind: 'constant', period: recipes[model].syncPeriod },
        roles: zoo[model].permutedRoles,
      }
    case 'lookahead':
      return {
        kind,
        syncPeriod: { kind: 'constant', period: lookaheadDefaults.syncPeriod },
        slowStepSize: lookaheadDefaults.slowStepSize,
      }
    default:
      return kind satisfies never
  }
}

/** Drop what is undefined: it counts as not given. */
const givenOf = (settings: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

/** The inner optimizer and the outer update that somebody asked for, in one of both ways. */
const resolveOptimizers = (
  model: ZooName,
  { optimizer, outer, innerOptimizer }: ExperimentSettings,
): Pick<Experiment, 'innerOptimizer' | 'outer'> => {
  const name = optimizer === undefined ? undefined : checkName('optimizer', optimizer, optimizerNames)
  const meant = name === undefined ? undefined : optimizerMeanings[name]
  const given = checkRecord('outer', givenOf(outer ?? {}), ['kind', 'syncPeriod', 'roles', 'slowStepSize'])
  const kind = checkName('kind of outer update', given.kind ?? meant?.kind ?? 'permute', outerKinds)
  const resolved = {
    innerOptimizer: checkInnerOptimizer(innerOptimizer ?? meant?.innerOptimizer ?? adamSpec),
    outer: checkOuter({ ...outerDefaults(kind, model), ...given }),
  }
  if (meant !== undefined && kind !== meant.kind)
    refuse('outer.kind', kind, `optimizer '${name}' has an outer update of kind '${meant.kind}'`)
  if (meant?.innerOptimizer !== undefined && optimizerOf(resolved) !== name)
    refuse(
      'innerOptimizer',
      resolved.innerOptimizer.kind,
      name === 'adam'
        ? "optimizer 'adam' is Adam alone; choose 'sgd' for SGD or momentum"
        : "optimizer 'sgd' is SGD or momentum alone; choose 'adam' for Adam",
    )
  return resolved
}

/** The recipe of a model, completed for its optimizers. */
const defaultsFor = (
  model: ZooName,
  optimizers: Pick<Experiment, 'innerOptimizer' | 'outer'>,
): Experiment => {
  const { syncPeriod: _k, learningRate, source: _, ...recipe } = recipes[model]
  return {
    ...recipe,
    ...optimizers,
    dataset: defaultDataset(model),
    model,
    engine: 'onnx',
    threads: null,
    initializer: zoo[model].initializers.kernel,
    learningRate:
      optimizers.innerOptimizer.kind === 'adam'
        ? learningRate
        : withInitialLearningRate(learningRate, sgdLearningRate),
    seed: 1,
    limit: null,
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
  'innerOptimizer',
  'outer',
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
    innerOptimizer: checkInnerOptimizer(record.innerOptimizer),
    outer: checkOuter(record.outer),
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
 * @param settings fields that are left out or undefined come from the recipe.
 * @returns `Left` with the first field that breaks its rule; an unknown name comes with the nearest known one.
 * @example resolveExperiment({ model: 'f2', dataset: 'mnist', epochs: 3 })
 */
export const resolveExperiment = (settings: ExperimentSettings): E.Either<ExperimentError, Experiment> =>
  eitherOf(() => {
    const { optimizer: _, ...given } = givenOf(settings)
    const model = checkName('model', given.model, zooNames)
    const optimizers = resolveOptimizers(model, settings)
    return checkExperiment({ ...defaultsFor(model, optimizers), ...given, ...optimizers })
  })

/**
 * An experiment from a saved `config.json`: nothing is filled in, so that a run stays what it was when recipes change.
 *
 * @param value parsed JSON.
 * @returns `Left` with the first field that is missing, unknown or breaks its rule.
 */
export const parseExperiment = (value: unknown): E.Either<ExperimentError, Experiment> =>
  eitherOf(() => checkExperiment(value))
