/** theta_0 of an experiment: a function of the experiment alone, so that a proof can draw it again at the end. */
import { initializeParams, type Params, pruneParams } from '@laperm/core'
import { type InferredModel, inferShapes, type Model, type ModelError } from '@laperm/models'
import { either as E, function as F } from 'fp-ts'
import type { ExperimentError } from './errors.ts'
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

/** theta_0 of a network whose shapes are inferred. */
export const initialParamsOf = (
  { seed, sparsity }: Experiment,
  inferred: InferredModel,
): E.Either<ExperimentError, Params> =>
  E.mapLeft(experimentErrorOf)(pruneParams(initializeParams(inferred.parameters, seed), sparsity, seed))

/** theta_0 of a plan, which has been checked; drawn anew at each call: cheaper than to keep it. */
export const drawInitialParams = ({
  experiment,
  inferred,
}: {
  readonly experiment: Experiment
  readonly inferred: InferredModel
}): Params => {
  const drawn = initialParamsOf(experiment, inferred)
  if (E.isLeft(drawn)) throw new TypeError('a plan has a theta_0')
  return drawn.right
}

/**
 * theta_0: drawn from the seed, then pruned. The same bits each time and on every engine.
 *
 * @returns parameters in the inventory's order, owned by the caller.
 */
export const makeInitialParams = (experiment: Experiment): E.Either<ExperimentError, Params> =>
  F.pipe(
    inferExperiment(experiment),
    E.flatMap((inferred): E.Either<ExperimentError, Params> => initialParamsOf(experiment, inferred)),
  )
