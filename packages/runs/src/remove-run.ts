/** Removing a run: the files that LaPerm makes, by their names; whatever else stands in its directory stays, and the directory with it. */
import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { either as E, type taskEither as TE } from 'fp-ts'
import { readEarlyFailure } from './early-failure.ts'
import { readSmallFile } from './read-small-file.ts'
import { epochOfFile, runError, runFiles } from './run-directory.ts'
import { errorCodeOf, type RunError, runUnavailable } from './run-errors.ts'
import { lockRun } from './run-lock.ts'
import { eventFileName } from './tensorboard/event-file.ts'

/** What became of a run's directory. */
export interface RemovedRun {
  readonly directory: string
  readonly removed: readonly string[]
  /** Files and directories that are not LaPerm's, because of which the directory is still there. */
  readonly left: readonly string[]
}

/** Of LaPerm before a run's last weights were called so. */
const oldWeights = 'weights.safetensors'
const ownFiles: readonly string[] = [...Object.values(runFiles), oldWeights, eventFileName]
/** Metrics that were set aside; the second time with a number. */
const isSetAside = (name: string): boolean => /^metrics\.jsonl\.damaged(?:[.-]\d+)?$/.test(name)
const isLock = (name: string): boolean => /^\.lock-\d{1,15}\.json$/.test(name)
/** `best.safetensors.4711.tmp`, which a kill leaves behind, and the file by which locks tell the time. */
const isTemporary = (name: string): boolean => {
  const whole = /^(.+)\.\d+\.tmp$/.exec(name)?.[1]
  return (
    (whole !== undefined && (ownFiles.includes(whole) || epochOfFile(whole) !== null)) ||
    /^\.clock-\d+$/.test(name)
  )
}

/** Whether a run's directory has a file of this name from LaPerm. */
export const isRunFile = (name: string): boolean =>
  ownFiles.includes(name) ||
  epochOfFile(name) !== null ||
  isSetAside(name) ||
  isLock(name) ||
  isTemporary(name)

const mostConfigBytes = 4_000_000

const refusalOf = async (directory: string): Promise<RunError | null> => {
  if ((await lstat(directory)).isSymbolicLink())
    return runUnavailable(
      directory,
      'this is a link',
      'Name the directory that it leads to, or remove the link yourself.',
    )
  const config = await readSmallFile(join(directory, runFiles.config), mostConfigBytes)
  // Also of a damaged one: another program's config.json is not removed.
  if (config.kind === 'text' && /"format"\s*:\s*"laperm-run\//.test(config.text)) return null
  if (config.kind === 'missing' && (await readEarlyFailure(directory)) !== null) return null
  return runUnavailable(
    directory,
    'nothing says that this is a run of LaPerm: it has no config.json with a format laperm-run',
    'Remove the directory yourself if it is nothing that you need.',
  )
}

/** Remove files; directories of these names are not LaPerm's. @returns those that were removed. */
const removeFiles = async (directory: string, names: readonly string[]): Promise<readonly string[]> => {
  const removed: string[] = []
  for (const name of names) {
    const path = join(directory, name)
    if ((await lstat(path)).isDirectory()) continue
    await rm(path, { force: true })
    removed.push(name)
  }
  return removed
}

/**
 * Remove a run that nobody works on.
 *
 * `config.json` goes last, so that a removal that was stopped can be done again; then the locks, then the directory where it is empty.
 *
 * @returns `Left(RunUnavailable)`, with nothing removed, where a process writes into the run, or the directory is no run of LaPerm's.
 */
export const removeRun =
  (directory: string): TE.TaskEither<RunError, RemovedRun> =>
  async () => {
    const path = resolve(directory)
    try {
      const refusal = await refusalOf(path)
      if (refusal !== null) return E.left(refusal)
      const lock = await lockRun(path)()
      if (E.isLeft(lock)) return lock
      const names = (await readdir(path)).filter((name) => isRunFile(name) && !isLock(name))
      const ordered = [
        ...names.filter((name) => name !== runFiles.config),
        ...names.filter((name) => name === runFiles.config),
      ]
      const removed = await removeFiles(path, ordered).finally(() => lock.right.release())
      const locks = await removeFiles(path, (await readdir(path)).filter(isLock))
      const left = await readdir(path)
      if (left.length === 0)
        await rmdir(path).catch((error: unknown) => {
          // Somebody has just put something there.
          if (errorCodeOf(error) !== 'ENOTEMPTY') throw error
        })
      return E.right({ directory: path, removed: [...removed, ...locks], left })
    } catch (error) {
      return E.left(runError(path, error))
    }
  }
