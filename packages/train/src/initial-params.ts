/** theta_0 of an experiment: a function of the experiment alone, so that a proof can draw it again at the end. */
import { initializeParams, type Params, shuffleWeightVectors } from '@laperm/core'
import { type InferredModel, inferShapes, type Model, type ModelError } from '@laperm/models'
import { either as E, function as F } from 'fp-ts'
import { doesNotFit, type ExperimentError } from './errors.ts'
import type { Experiment } from './experiment.ts'
import { experimentErrorOf } from './fields/checks.ts'
import { modelOf } from './network.ts'
import { pruneInitial, startsFrom } from './pruning/prune-initial.ts'

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

/** The weights that the experiment starts from, where it starts from some, are at hand and of the same network. */
const checkTrained = (
  experiment: Experiment,
  drawn: Params,
  trained: Params | null,
): E.Either<ExperimentError, void> => {
  const run = startsFrom(experiment)?.slice(0, 6)
  if (run === undefined) return E.right(undefined)
  if (trained === null)
    return E.left(
      doesNotFit(
        `Its initial weights depend on those of the run ${run}, and that run's weights are not at hand`,
        'Train it beside that run, which must have finished.',
      ),
    )
  const fits =
    trained.length === drawn.length &&
    drawn.every(({ name, shape }, i) => trained[i].name === name && trained[i].shape.join() === shape.join())
  return fits
    ? E.right(undefined)
    : E.left(
        doesNotFit(
          `Its initial weights depend on those of the run ${run}, but that run's network has other parameters`,
          'Name a run of the same network.',
        ),
      )
}

/** Weights as they are drawn; where a trained network is to be shuffled, its weights in place of those of permuted roles. */
const unprunedParams = (experiment: Experiment, drawn: Params, trained: Params | null): Params => {
  if (experiment.shuffledFrom === null || trained === null) return drawn
  const roles = permutedRolesOf(experiment)
  const shuffled = shuffleWeightVectors(trained, roles, experiment.seed)
  return drawn.map((parameter, i) => (roles.includes(parameter.role) ? shuffled[i] : parameter))
}

/**
 * theta_0 of a network whose shapes are inferred.
 *
 * @param trained best weights of the run that {@link startsFrom} names; null where it names none.
 */
export const initialParamsOf = (
  experiment: Experiment,
  inferred: InferredModel,
  trained: Params | null = null,
): E.Either<ExperimentError, Params> => {
  const drawn = initializeParams(inferred.parameters, experiment.seed)
  return F.pipe(
    checkTrained(experiment, drawn, trained),
    E.flatMap(() =>
      E.mapLeft(experimentErrorOf)(
        pruneInitial(experiment, inferred, unprunedParams(experiment, drawn, trained), trained),
      ),
    ),
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
 * @param trained best weights of the run that {@link startsFrom} names; null where it names none.
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
