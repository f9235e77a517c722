/** What follows from an experiment and its data before the first step: the model, the number of steps. */
import type { Params } from '@laperm/core'
import { checkPreparation, type Dataset } from '@laperm/data'
import type { OuterUpdate } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import { either as E, function as F } from 'fp-ts'
import { type DoesNotFit, doesNotFit, type ExperimentError } from './errors.ts'
import type { Experiment } from './experiment.ts'
import { inferExperiment, initialParamsOf, permutedRolesOf } from './initial-params.ts'
import { countMovableVectors, type MovableVectors } from './movable-vectors.ts'
import { type PlanWarning, planWarningsOf } from './plan-warnings.ts'
import { startsFrom } from './pruning/prune-initial.ts'

/** A run before its first step: made once, and handed to whatever needs it. */
export interface RunPlan {
  readonly experiment: Experiment
  readonly inferred: InferredModel
  /** `ceil(examples / batchSize)`: the last batch of an epoch may be smaller, as in Keras. */
  readonly stepsPerEpoch: number
  readonly totalSteps: number
  /** Best weights of the run that `startsFrom` names; null where it names none, or they are not at hand and nothing can be trained. */
  readonly trained: Params | null
  /** Of theta_0, where the outer update permutes; null where it does not. */
  readonly movable: MovableVectors | null
  /** What a person should know before the run is trained. */
  readonly warnings: readonly PlanWarning[]
}

/** The first example whose class the model has no output for: one stray label makes a class of its own. */
const strayLabel = ({ train, test }: Dataset, outputShape: readonly number[]): string => {
  const [outputs] = outputShape
  const strayIn = (labels: Uint8Array, split: string): string | undefined => {
    const at = labels.findIndex((label) => label >= outputs)
    return at < 0 ? undefined : ` (the label of ${split} example ${at} is ${labels[at]})`
  }
  if (outputShape.length !== 1) return ''
  return strayIn(train.labels, 'training') ?? strayIn(test.labels, 'test') ?? ''
}

const fit = (
  experiment: Experiment,
  dataset: Dataset,
  { model, outputShape }: InferredModel,
): E.Either<DoesNotFit, void> => {
  if (model.inputShape.join() !== dataset.inputShape.join())
    return E.left(
      doesNotFit(
        `Model ${model.name} takes inputs of [${model.inputShape.join(', ')}], but those of ${dataset.name} are [${dataset.inputShape.join(', ')}]`,
        'Choose another data set or another model.',
      ),
    )
  if (outputShape.length !== 1 || outputShape[0] < dataset.classes)
    return E.left(
      doesNotFit(
        `Model ${model.name} tells ${outputShape.join(' x ')} classes apart, but ${dataset.name} has ${dataset.classes}${strayLabel(dataset, outputShape)}`,
        'Choose another data set or another model.',
      ),
    )
  if (dataset.test.count === 0)
    return E.left(
      doesNotFit(`Data set ${dataset.name} has no test examples`, 'Accuracy is measured on them; add some.'),
    )
  const suits = checkPreparation(dataset, experiment)
  if (E.isLeft(suits)) {
    const { field, value, rule } = suits.left
    return E.left(doesNotFit(`${dataset.name}: ${field} is ${value}, but ${rule}`, 'Nothing was trained.'))
  }
  if ((experiment.trainExamples ?? 0) > dataset.train.count)
    return E.left(
      doesNotFit(
        `Accuracy is asked for on ${experiment.trainExamples} training examples, but there are ${dataset.train.count}`,
        'Ask for at most these.',
      ),
    )
  if (experiment.batchSize > dataset.train.count)
    return E.left(
      doesNotFit(
        `A batch of ${experiment.batchSize} is larger than the ${dataset.train.count} training examples`,
        'Choose a smaller batch size, or a higher limit.',
      ),
    )
  return E.right(undefined)
}

/** A permutation of equal weights is no training: it proves nothing, whatever it is called. */
const checkMovable = (
  experiment: Experiment,
  initial: Params,
): E.Either<DoesNotFit, MovableVectors | null> => {
  if (experiment.outer.kind !== 'permute') return E.right(null)
  const movable = countMovableVectors(initial, permutedRolesOf(experiment))
  return movable.movable > 0
    ? E.right(movable)
    : E.left(
        doesNotFit(
          `In each of the ${movable.vectors} weight vectors all initial weights are equal, so that no permutation changes anything`,
          'Draw them from another initializer, or choose a sparsity that leaves zeros and other weights.',
        ),
      )
}

/**
 * Check that model and data fit each other, and that theta_0 can be drawn and has something to reconnect.
 *
 * @param dataset already limited.
 * @param trained best weights of the run that `startsFrom` names. Without them such a run can be planned and not trained.
 */
export const planRun = (
  experiment: Experiment,
  dataset: Dataset,
  trained: Params | null = null,
): E.Either<ExperimentError, RunPlan> =>
  F.pipe(
    E.Do,
    E.bind('inferred', () => inferExperiment(experiment)),
    E.bindW('fits', ({ inferred }) => fit(experiment, dataset, inferred)),
    // Not kept: of a large network it is as large as the network.
    E.bindW('movable', ({ inferred }) =>
      startsFrom(experiment) !== null && trained === null
        ? E.right(null)
        : F.pipe(
            initialParamsOf(experiment, inferred, trained),
            E.chainW((initial) => checkMovable(experiment, initial)),
          ),
    ),
    E.map(({ inferred, movable }) => {
      const stepsPerEpoch = Math.ceil(dataset.train.count / experiment.batchSize)
      const totalSteps = stepsPerEpoch * experiment.epochs
      const warnings = planWarningsOf(experiment, dataset, inferred)
      return { experiment, inferred, stepsPerEpoch, totalSteps, trained, movable, warnings }
    }),
  )

/** What the engine does at a synchronization. */
export const outerUpdateOf = ({ outer, frozenZeros }: Experiment): OuterUpdate => {
  switch (outer.kind) {
    case 'none':
      return frozenZeros ? { kind: 'freezeZeros', roles: ['kernel'] } : { kind: 'none' }
    case 'permute':
      return { kind: 'permute', roles: outer.roles }
    case 'lookahead':
      return { kind: 'lookahead', slowStepSize: outer.slowStepSize }
    default:
      return outer satisfies never
  }
}
