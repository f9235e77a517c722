/** Trained weights with the experiment that they belong to: out of a run's directory, or out of a `.laperm` file. */
import { dirname, join } from 'node:path'
import type { Params } from '@laperm/core'
import {
  type DataSource,
  isUnchecked,
  openRun,
  type Run,
  readStartsFrom,
  readSummary,
  readWeights,
  runFiles,
} from '@laperm/runs'
import { type Experiment, makeInitialParams } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Failure } from './failure.ts'
import { runPath } from './named-run.ts'
import { packedEnding, readPackedNetwork } from './packed-file.ts'

/** Weights that can be evaluated. */
export interface SavedWeights {
  readonly experiment: Experiment
  readonly params: Params
  /** theta_0, drawn from the experiment. */
  readonly initialParams: Params
  /** Where the run's data were; a `.laperm` file does not know. */
  readonly data: DataSource
  /** Null for a `.laperm` file. */
  readonly run: Run | null
  /** The file that the weights are in. */
  readonly path: string
  /** What was not checked, in sentences for people. */
  readonly warnings: readonly string[]
}

/** Why only a file's own checksum vouches for the weights of a run; none where its summary does, or the run is not over. */
const missingChecks = async (run: Run): Promise<readonly string[]> => {
  const summary = await readSummary(run)
  const why =
    summary === null
      ? `${join(run.directory, runFiles.summary)} cannot be read`
      : isUnchecked(summary)
        ? 'an earlier LaPerm trained this run and wrote no check values'
        : null
  return why === null ? [] : [`${why}: nothing but their own checksum says that these weights are the run's`]
}

/** Read weights of a run, or of a `.laperm` file, told by its ending. `which` is for runs. */
export const readSavedWeights = async (
  argument: string,
  which: 'best' | 'last',
): Promise<E.Either<Failure, SavedWeights>> => {
  if (argument.endsWith(packedEnding)) {
    const network = await readPackedNetwork(argument)
    if (E.isLeft(network)) return network
    const data = { dataDir: null, folder: null, acceptChecksum: false }
    return E.right({ ...network.right, data, run: null, path: argument, warnings: [] })
  }
  const opened = await openRun(runPath(argument))()
  if (E.isLeft(opened)) return opened
  const run = opened.right
  const { experiment, data } = run.config
  const params = await readWeights(run, which)()
  if (E.isLeft(params)) return params
  const trained = await readStartsFrom(experiment, dirname(run.directory))()
  if (E.isLeft(trained)) return trained
  const initial = makeInitialParams(experiment, trained.right)
  if (E.isLeft(initial)) return initial
  return E.right({
    experiment,
    params: params.right,
    initialParams: initial.right,
    data,
    run,
    path: join(run.directory, runFiles[which]),
    warnings: await missingChecks(run),
  })
}
