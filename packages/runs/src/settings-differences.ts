/** Why two runs are not the same run, for people. */
import { differingData } from './data-fingerprint.ts'
import { experimentDifferences } from './experiment-differences.ts'
import type { RunSettings } from './run-config.ts'

/**
 * Compare all that identities are made of.
 *
 * @param there of a run that is there.
 * @returns one text a part, for example `seed is 1, but 2 was asked for`; none where the identities are equal.
 */
export const settingsDifferences = (there: RunSettings, wanted: RunSettings): readonly string[] => {
  // Threads are compared as they were used; what is measured is no part of an identity.
  const { threads: _there, rankingDistance: _measured, ...experiment } = there.experiment
  const { threads: _wanted, rankingDistance: _asked, ...other } = wanted.experiment
  return [
    ...experimentDifferences(experiment, other, 'was asked for'),
    ...differingData(there.data.fingerprint, wanted.data.fingerprint).map((part) => `${part} are others`),
    ...experimentDifferences(there.environment.bits, wanted.environment.bits, 'here'),
  ]
}
