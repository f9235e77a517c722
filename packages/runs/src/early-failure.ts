/**
 * A run that failed before it had a `config.json`, because its process died each time while the network was compiled. Its directory has a `summary.json`
 * alone, with the identity, so that a sweep does not try it again unasked.
 */
import { join } from 'node:path'
import type { Experiment } from '@laperm/train'
import { readSummary } from './read-summary.ts'
import { runFiles } from './run-directory.ts'
import { type RunSummary, startSummary } from './run-summary.ts'
import { summaryText } from './summary-file.ts'
import { writeFileSafely } from './write-file-safely.ts'

/** The summary of such a failure. */
export interface EarlyFailure extends RunSummary {
  readonly identity: string
}

/** The failure in a directory without a config; null where there is none. */
export const readEarlyFailure = async (directory: string): Promise<EarlyFailure | null> => {
  const summary = await readSummary({ directory })
  return summary?.status === 'failed' && summary.identity !== undefined
    ? { ...summary, identity: summary.identity }
    : null
}

/** Write the failure into an empty directory, which the caller has locked. @throws RunWriteFailed */
export const writeEarlyFailure = (
  directory: string,
  { experiment, identity }: { readonly experiment: Experiment; readonly identity: string },
  reason: string,
): Promise<void> => {
  const failure: EarlyFailure = {
    ...startSummary(experiment, directory),
    status: 'failed',
    error: reason,
    identity,
  }
  return writeFileSafely(join(directory, runFiles.summary), summaryText(failure))
}
