/** The weights of another run that a run needs before its first step: to shuffle them (the paper's N_S), or to prune by their size. */
import type { Params } from '@laperm/core'
import { type Experiment, startsFrom } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { findRun } from './find-run.ts'
import { readWeights } from './read-weights.ts'
import { type RunError, runUnavailable } from './run-errors.ts'

/**
 * Best weights of the run that an experiment starts from.
 *
 * @param runs the directory in which both runs lie.
 * @returns null where it starts from none; `Left` where that run is not there or has not finished.
 */
export const readStartsFrom =
  (experiment: Experiment, runs: string): TE.TaskEither<RunError, Params | null> =>
  async () => {
    const identity = startsFrom(experiment)
    if (identity === null) return E.right(null)
    const found = await findRun(runs, identity)()
    if (E.isLeft(found)) return found
    if (found.right?.kind === 'finished') return readWeights(found.right.run, 'best')()
    const use =
      experiment.shuffledFrom === null
        ? 'by whose weights it is pruned'
        : 'whose shuffled weights are to be trained'
    return E.left(
      runUnavailable(
        runs,
        `the run ${identity.slice(0, 6)}, ${use}, ${found.right === null ? 'is not there' : 'has not finished'}`,
        'Train that run there first.',
      ),
    )
  }
