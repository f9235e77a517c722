/**
 * A run of more epochs that starts where a finished one ended. It is another run, with another identity, and the same bits as one trained from
 * the start.
 */
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Experiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { RunCheckpoint } from './checkpoint-file.ts'
import { inspectRun } from './find-run.ts'
import { otherBits } from './other-bits.ts'
import { readCheckpoint } from './resume-run.ts'
import { identityOfSettings, type RunSettings } from './run-config.ts'
import { openRun, type Run, runError } from './run-directory.ts'
import { type RunError, renderRunError } from './run-errors.ts'
import { runTitle } from './run-name.ts'
import type { RunSummary } from './run-summary.ts'
import { measuresTheSame } from './what-is-measured.ts'

/** A finished run, and its state at its end. */
export interface ExtensionBase extends RunCheckpoint {
  readonly run: Run
}

/** The runs below a directory that have the title of an experiment, as far as they can be read. */
const runsOfTitle = async (parent: string, experiment: Experiment): Promise<readonly Run[]> => {
  const names = await readdir(resolve(parent)).catch(() => [])
  const found: Run[] = []
  for (const name of names.filter((each) => each.startsWith(`${runTitle(experiment)}-`))) {
    const opened = await openRun(join(parent, name))()
    if (E.isRight(opened)) found.push(opened.right)
  }
  return found
}

/** Finished ones of them that differ only in having fewer epochs, the one with the most first. */
const shorterRuns = async (
  runs: readonly Run[],
  settings: RunSettings,
): Promise<readonly { readonly run: Run; readonly summary: RunSummary }[]> => {
  const { experiment } = settings
  const wanted = identityOfSettings(settings)
  const found: { readonly run: Run; readonly summary: RunSummary }[] = []
  for (const run of runs) {
    const { config } = run
    const { epochs } = experiment
    if (config.experiment.epochs >= epochs) continue
    // Not part of the identity, but its epochs would lack what this run measures.
    if (!measuresTheSame(config.experiment, experiment)) continue
    if (identityOfSettings({ ...config, experiment: { ...config.experiment, epochs } }) !== wanted) continue
    const state = await inspectRun(run)
    if (state.kind === 'finished') found.push(state)
  }
  return found.sort((one, other) => other.summary.epochs - one.summary.epochs)
}

/** Why a finished run's last state is not that of a longer run at the same step; null where it is. */
const inexactness = ({ finalSyncForced }: RunSummary): string | null =>
  finalSyncForced
    ? 'synchronized at its end only because it ended, which a longer run does not do there'
    : null

const readState = (run: Run): Promise<E.Either<RunError, RunCheckpoint | null>> =>
  readCheckpoint(run).catch((error: unknown) => E.left(runError(run.directory, error)))

/**
 * Find a finished run that a new one can start from.
 *
 * The learning rate and the sync period are functions of the epoch and the step and not of the run's length, so the only thing that a shorter
 * run does differently is to synchronize at its end.
 *
 * @param tell hears why a shorter run cannot be taken, or that other threads or versions keep a run apart, as a sentence.
 * @returns null where there is none.
 */
export const findExtensionBase = async (
  parent: string,
  settings: RunSettings,
  tell: (message: string) => void,
): Promise<ExtensionBase | null> => {
  const reasons: string[] = []
  const runs = await runsOfTitle(parent, settings.experiment)
  for (const { run, summary } of await shorterRuns(runs, settings)) {
    const inexact = inexactness(summary)
    const read = inexact === null ? await readState(run) : E.right(null)
    if (E.isRight(read) && read.right !== null) return { run, ...read.right }
    const reason =
      inexact ??
      (E.isLeft(read)
        ? `cannot be read: ${renderRunError(read.left)}`
        : 'kept no state at its end, as --keep-state does')
    reasons.push(`${run.directory} trained ${summary.epochs} of these epochs, but ${reason}`)
  }
  const apart = reasons.length > 0 ? null : otherBits(runs, settings)
  if (reasons.length > 0) tell(`${reasons[0]}; this run trains from the start`)
  if (apart !== null) tell(apart)
  return null
}
