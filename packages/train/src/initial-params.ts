/** theta_0 of an experiment: a function of the experiment alone, so that a proof can draw it again at the end. */
import { initializeParams, type Params, pruneParams, shuffleWeightVectors } from '@laperm/core'
import { type InferredModel, inferShapes, type Model, type ModelError } from '@laperm/models'
import { either as E, function as F } from 'fp-ts'
import { doesNotFit, type ExperimentError } from './errors.ts'
import type { Experiment } from './experiment.ts'
import { experimentErrorOf } from './fields/checks.ts'
import { modelOf } from './network.ts'

/** Roles that the experiment permutes; where it permutes nothing, those that its model would have permuted. */
export const permutedRolesOf = ({ model, outer }: Experiment): Model['permutedRoles'] =>
  outer.kind === 'permute' ? outer.roles : modelOf(model).permutedRoles

/** The experiment's network as data, with the experiment's initializer for kernels and its permuted roles. */
export const experimentModel = (experiment: Experiment): Model => {
  const model = modelOf(experiment.model)
  return {
    ...model,
    initializers: { ...model.initializers, kernel: experiment.initializer },
    permutedRoles: permutedRolesOf(experiment),
  }
}

/** The network with every shape inferred. */
export const inferExperiment = (experiment: Experiment): E.Either<ModelError, InferredModel> =>
  inferShapes(experimentModel(experiment))

/** Weights as they are drawn, those of permuted roles in place of them shuffled where a trained network is given. */
const unprunedParams = (
  experiment: Experiment,
  inferred: InferredModel,
  trained: Params | null,
): E.Either<ExperimentError, Params> => {
  const { seed, shuffledFrom } = experiment
  const drawn = initializeParams(inferred.parameters, seed)
  if (shuffledFrom === null) return E.right(drawn)
  if (trained === null)
    return E.left(
      doesNotFit(
        `Its initial weights are those of the run ${shuffledFrom.slice(0, 6)}, shuffled, and that run's weights are not at hand`,
        'Train it beside that run, which must have finished.',
      ),
    )
  const fits =
    trained.length === drawn.length &&
    drawn.every(({ name, shape }, i) => trained[i].name === name && trained[i].shape.join() === shape.join())
  if (!fits)
    return E.left(
      doesNotFit(
        `Its initial weights are those of the run ${shuffledFrom.slice(0, 6)}, but that run's network has other parameters`,
        'Name a run of the same network.',
      ),
    )
  const roles = permutedRolesOf(experiment)
  const shuffled = shuffleWeightVectors(trained, roles, seed)
  return E.right(drawn.map((parameter, i) => (roles.includes(parameter.role) ? shuffled[i] : parameter)))
}

/**
 * theta_0 of a network whose shapes are inferred.
 *
 * @param trained best weights of the run that the experiment's `shuffledFrom` names; null where it names none.
 */
export const initialParamsOf = (
  experiment: Experiment,
  inferred: InferredModel,
  trained: Params | null = null,
): E.Either<ExperimentError, Params> => {
  const { seed, sparsity } = experiment
  return E.flatMap((params: Params) => E.mapLeft(experimentErrorOf)(pruneParams(params, sparsity, seed)))(
    unprunedParams(experiment, inferred, trained),
  )
}

/** theta_0 of a plan, which has been checked; drawn anew at each call: cheaper than to keep it. */
export const drawInitialParams = ({
  experiment,
  inferred,
  trained = null,
}: {
  readonly experiment: Experiment
  readonly inferred: InferredModel
  readonly trained?: Params | null
}): Params => {
  const drawn = initialParamsOf(experiment, inferred, trained)
  if (E.isLeft(drawn)) throw new TypeError('a plan has a theta_0')
  return drawn.right
}

/**
 * theta_0: drawn from the seed, then pruned. The same bits each time and on every engine.
 *
 * @param trained best weights of the run that the experiment's `shuffledFrom` names; null where it names none.
 * @returns parameters in the inventory's order, owned by the caller.
 */
export const makeInitialParams = (
  experiment: Experiment,
  trained: Params | null = null,
): E.Either<ExperimentError, Params> =>
  F.pipe(
    inferExperiment(experiment),
    E.flatMap(
      (inferred): E.Either<ExperimentError, Params> => initialParamsOf(experiment, inferred, trained),
    ),
  )
