/** Whether data that were found now are those that a run was trained on: whoever goes on with it or evaluates it asks. */
import { either as E } from 'fp-ts'
import { type DataFingerprint, differingData } from './data-fingerprint.ts'
import type { Run } from './run-directory.ts'
import { type RunUnavailable, runUnavailable } from './run-errors.ts'

/**
 * Compare data with those that a run's `config.json` names by their hashes; where they lie does not matter.
 *
 * @param data `fingerprintOf` the data set, limited as the run's experiment says.
 */
export const checkSameData = (
  { directory, config }: Run,
  data: DataFingerprint,
): E.Either<RunUnavailable, void> => {
  const differing = differingData(config.data.fingerprint, data)
  return differing.length === 0
    ? E.right(undefined)
    : E.left(
        runUnavailable(
          directory,
          `${differing.join(' and ')} of ${config.experiment.dataset} are not those that this run was trained on`,
          'Name the directory that holds the same data, or start a new run with these.',
        ),
      )
}
