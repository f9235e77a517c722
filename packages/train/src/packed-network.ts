/** A trained network as a `.laperm` file: its experiment, from which the initial weights are drawn again, and where training moved them. */
import type { Params } from '@laperm/core'
import {
  type CorruptFile,
  corruptFile,
  type NotAnArrangement,
  needsInitialWeights,
  packLaperm,
  readLapermHeader,
  type Sha256,
  unpackLaperm,
} from '@laperm/formats'
import { either as E } from 'fp-ts'
import { type ExperimentError, renderTrainError } from './errors.ts'
import type { Experiment } from './experiment.ts'
import { makeInitialParams, permutedRolesOf } from './initial-params.ts'
import { parseExperiment, withoutAbsent } from './resolve-experiment.ts'

/** What stands in a file's header in place of the initial weights. */
const originKind = 'experiment'

/** A network out of a `.laperm` file. */
export interface PackedNetwork {
  readonly experiment: Experiment
  /** theta_0, drawn from the experiment. */
  readonly initialParams: Params
  readonly params: Params
}

interface Platform {
  /** A faster SHA-256 than the one in JavaScript, for example of `node:crypto`. */
  readonly sha256?: Sha256 | undefined
}

/**
 * Pack weights that an experiment trained, right after a synchronization.
 *
 * @param params in the model's order; not written. Parameters of roles that the experiment does not permute are in the file as float32.
 * @returns the file's bytes; `Left(NotAnArrangement)` where the weights are not the experiment's initial ones in another order.
 */
export const packNetwork = (
  experiment: Experiment,
  params: Params,
  { sha256 }: Platform = {},
): E.Either<NotAnArrangement | ExperimentError, Uint8Array> => {
  const initial = makeInitialParams(experiment)
  if (E.isLeft(initial)) return initial
  // What was measured on the way is not part of the network.
  const { rankingDistance: _, ...origin } = withoutAbsent(experiment)
  return packLaperm(initial.right, params, {
    initial: { kind: originKind, experiment: origin },
    permutedRoles: experiment.outer.kind === 'permute' ? permutedRolesOf(experiment) : [],
    sha256,
  })
}

/** The experiment that a file's header names, through every check of a new one. */
const experimentOf = (path: string, origin: unknown): E.Either<CorruptFile, Experiment> => {
  const isOurs =
    typeof origin === 'object' && origin !== null && 'kind' in origin && origin.kind === originKind
  if (needsInitialWeights(origin))
    return E.left(
      corruptFile(
        path,
        'an experiment that gives the initial weights',
        'the SHA-256 of weights that another program made',
        'Name the file that has them: --initial-weights <file>.',
      ),
    )
  if (!isOurs || !('experiment' in origin))
    return E.left(corruptFile(path, 'an experiment that gives the initial weights', 'another origin'))
  return E.mapLeft((error: ExperimentError) =>
    corruptFile(path, 'a valid experiment', renderTrainError(error)),
  )(parseExperiment(origin.experiment))
}

/**
 * Unpack a network: draw its initial weights and put them where training did.
 *
 * @param path named in errors; nothing is opened.
 * @param bytes the whole file.
 * @returns the same weights, bit for bit; `Left(CorruptFile)` when the file is damaged, or this version draws other initial weights than the one that packed it.
 */
export const unpackNetwork = (
  path: string,
  bytes: Uint8Array,
  platform: Platform = {},
): E.Either<CorruptFile, PackedNetwork> => {
  const read = readLapermHeader(path, bytes, platform)
  if (E.isLeft(read)) return read
  const experiment = experimentOf(path, read.right.header.initial)
  if (E.isLeft(experiment)) return experiment
  const initial = makeInitialParams(experiment.right)
  if (E.isLeft(initial))
    return E.left(
      corruptFile(path, 'an experiment whose network can be drawn', renderTrainError(initial.left)),
    )
  const params = unpackLaperm(path, bytes, initial.right, platform)
  if (E.isLeft(params)) return params
  return E.right({ experiment: experiment.right, initialParams: initial.right, params: params.right })
}
