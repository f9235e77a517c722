/** When a run is given up: the paper's rule for k, "the largest one that does not diverge within the first 50 epochs" (Section 5.4). */
import { checkInteger, checkRecord, checkSetting, share } from '@laperm/core/settings'
import type { Experiment, TrialSpec } from '../experiment.ts'
import type { Field } from './field.ts'

export const trialField: Field<TrialSpec | null> = {
  check: (value) => {
    if (value === null) return null
    const { epochs, accuracy } = checkRecord('trial', value, ['epochs', 'accuracy'])
    return {
      epochs: checkInteger('trial.epochs', epochs, 1),
      accuracy: checkSetting('trial.accuracy', accuracy, share),
    }
  },
  initial: () => null,
  absent: null,
  flags: [],
}

/**
 * Whether a run has failed its trial at the end of an epoch.
 *
 * @param best test accuracy so far; null before the first evaluation, of which nothing can be said.
 */
export const failsTrial = ({ trial }: Experiment, epoch: number, best: number | null): boolean =>
  trial !== null && epoch === trial.epochs && best !== null && best <= trial.accuracy
