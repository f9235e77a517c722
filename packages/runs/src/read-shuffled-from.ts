/** The weights that a run starts from where it shuffles another's: the paper's N_S. */
import type { Params } from '@laperm/core'
import type { Experiment } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { findRun } from './find-run.ts'
import { readWeights } from './run-directory.ts'
import { type RunError, runUnavailable } from './run-errors.ts'

/**
 * Best weights of the run that an experiment's `shuffledFrom` names.
 *
 * @param runs the directory in which both runs lie.
 * @returns null where it names none; `Left` where that run is not there or has not finished.
 */
export const readShuffledFrom =
  ({ shuffledFrom }: Experiment, runs: string): TE.TaskEither<RunError, Params | null> =>
  async () => {
    if (shuffledFrom === null) return E.right(null)
    const found = await findRun(runs, shuffledFrom)()
    if (E.isLeft(found)) return found
    if (found.right?.kind === 'finished') return readWeights(found.right.run, 'best')()
    return E.left(
      runUnavailable(
        runs,
        `the run ${shuffledFrom.slice(0, 6)}, whose shuffled weights are to be trained, ${found.right === null ? 'is not there' : 'has not finished'}`,
        'Train that run there first.',
      ),
    )
  }
