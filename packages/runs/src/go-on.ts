/** Going on with a run that has a directory. */
import { dirname } from 'node:path'
import { either as E, type taskEither as TE } from 'fp-ts'
import { environmentDifferences } from './environment-differences.ts'
import type { ExecuteRunError, ExecuteRunResult, ExecutionOptions } from './execution.ts'
import { compileRun, loadMaterial, type Material } from './load-material.ts'
import { planResume, resumeRun } from './resume-run.ts'
import type { DataSource } from './run-config.ts'
import { openRun, type Run } from './run-directory.ts'
import { lockRun, type RunLock } from './run-lock.ts'
import type { RunMirror } from './store/run-mirror.ts'
import { withStore } from './store/with-store.ts'
import { type ReadyRun, trainRun } from './train-run.ts'

type Load<LoadFailure> = () => Promise<E.Either<LoadFailure | ExecuteRunError, Material>>

/** Nothing of the run is changed before everything that can fail has been done. */
const prepareLocked = async <LoadFailure>(
  { directory }: Run,
  lock: RunLock,
  load: Load<LoadFailure>,
  options: ExecutionOptions<LoadFailure>,
  mirror: RunMirror | null,
): Promise<E.Either<LoadFailure | ExecuteRunError, ReadyRun>> => {
  const planned = await planResume(directory)()
  if (E.isLeft(planned)) return planned
  const { run, checkpoint, warnings } = planned.right
  const material = await load()
  if (E.isLeft(material)) return material
  const { environment, fingerprint, dataset, plan } = material.right
  const session = await compileRun(material.right, run, options)
  if (E.isLeft(session)) return session
  const resumed = await resumeRun(planned.right, fingerprint, lock)()
  if (E.isLeft(resumed)) {
    await session.right.dispose()
    return resumed
  }
  for (const message of [...warnings, ...environmentDifferences(run.config.environment, environment)])
    options.report?.({ kind: 'warning', message })
  const how = checkpoint === null ? 'restarted' : 'resumed'
  options.report?.({ kind: 'started', run, how, step: checkpoint?.position.step ?? 0 })
  return E.right({ run, lock, session: session.right, dataset, checkpoint, plan, mirror })
}

/**
 * Go on with a run that is locked.
 *
 * @param lock given back at the end.
 * @param load engine and data, or gives those that are there.
 * @param mirror where the run is kept besides its directory.
 */
export const goOnLocked = async <LoadFailure>(
  run: Run,
  lock: RunLock,
  load: Load<LoadFailure>,
  options: ExecutionOptions<LoadFailure>,
  mirror: RunMirror | null,
): Promise<E.Either<LoadFailure | ExecuteRunError, ExecuteRunResult>> => {
  const ready = await prepareLocked(run, lock, load, options, mirror)
  if (E.isRight(ready)) return trainRun(ready.right, options)
  await lock.release()
  return ready
}

/**
 * Go on with the run of a directory, whatever it is called, with the experiment that its `config.json` holds.
 *
 * @param options how, and in `sourceOf` where the data are now, from where they came from; default: there.
 * @returns as {@link executeRun} does; `Left(RunUnavailable)` too when the run is over. Other versions than those that it began with are warned of.
 */
export const continueRun =
  <LoadFailure>(
    directory: string,
    options: ExecutionOptions<LoadFailure> & {
      readonly sourceOf?: ((source: DataSource) => DataSource) | undefined
    },
  ): TE.TaskEither<LoadFailure | ExecuteRunError, ExecuteRunResult> =>
  async () => {
    const opened = await openRun(directory)()
    if (E.isLeft(opened)) return opened
    const { config } = opened.right
    const { dataDir, folder, acceptChecksum } = config.data
    const source = { dataDir, folder, acceptChecksum }
    const place = { directory: opened.right.directory, parent: dirname(opened.right.directory) }
    const load = () =>
      loadMaterial(config.experiment, options.sourceOf?.(source) ?? source, place.parent, options)
    return withStore(config, place, options, async (mirror) => {
      const lock = await lockRun(directory)()
      return E.isLeft(lock) ? lock : goOnLocked(opened.right, lock.right, load, options, mirror)
    })
  }
