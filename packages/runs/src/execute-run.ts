/**
 * The whole life of a run, for the command line, a sweep's workers and programs: find it by its identity; show it, go on with it, or make it; train,
 * record, and say what came out.
 */
import { dirname, resolve } from 'node:path'
import type { Experiment } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { createRun } from './create-run.ts'
import type { ExecuteRunError, ExecuteRunOptions, ExecuteRunResult } from './execution.ts'
import { findExtensionBase } from './extend-run.ts'
import { type FoundRun, findFor, findRunIn } from './find-run.ts'
import { goOnLocked } from './go-on.ts'
import { compileRun, loadMaterial, type Material } from './load-material.ts'
import { resumeRun } from './resume-run.ts'
import type { RunSettings } from './run-config.ts'
import { runUnavailable } from './run-errors.ts'
import { lockRun } from './run-lock.ts'
import type { RunMirror } from './store/run-mirror.ts'
import { withStore } from './store/with-store.ts'
import { trainRun } from './train-run.ts'
import { measuredDifference, planAsBegun } from './what-is-measured.ts'

type Result<LoadFailure> = E.Either<LoadFailure | ExecuteRunError, ExecuteRunResult>
type Options<LoadFailure> = ExecuteRunOptions<LoadFailure>

/** Make the run and train it; null where another process has made it meanwhile. */
const trainNew = async <LoadFailure>(
  settings: RunSettings,
  material: Material,
  options: Options<LoadFailure>,
  mirror: RunMirror | null,
): Promise<Result<LoadFailure> | null> => {
  const tell = (message: string) => options.report?.({ kind: 'warning', message })
  const base = options.again === true ? null : await findExtensionBase(options.parent, settings, tell)
  // Before a directory is made: what does not fit leaves nothing behind.
  const session = await compileRun(material, null, options)
  if (E.isLeft(session)) return session
  const created = await createRun(settings, options)()
  if (E.isLeft(created) || created.right.kind === 'exists') {
    await session.right.dispose()
    return E.isLeft(created) ? created : null
  }
  const { run, lock } = created.right
  if (base !== null) {
    const metrics = { metrics: base.facts.metrics, warning: null, setAside: null }
    const { checkpoint } = base
    const resumed = await resumeRun({ run, checkpoint, metrics, warnings: [] }, material.fingerprint, lock)()
    if (E.isLeft(resumed)) {
      await session.right.dispose()
      await lock.release()
      return resumed
    }
  }
  const checkpoint = base?.checkpoint ?? null
  const how = base === null ? 'new' : 'extended'
  options.report?.({ kind: 'started', run, how, step: checkpoint?.position.step ?? 0 })
  const { dataset, plan } = material
  return trainRun({ run, lock, plan, session: session.right, dataset, checkpoint, mirror }, options)
}

/** Go on with the run, or say who does; null where it has come to something else meanwhile. */
const goOn = async <LoadFailure>(
  { run, kind }: FoundRun,
  material: Material,
  options: Options<LoadFailure>,
  mirror: RunMirror | null,
): Promise<Result<LoadFailure> | null> => {
  const lock = await lockRun(run.directory)()
  if (E.isLeft(lock)) return lock
  const now = await findRunIn(run.directory)()
  if (E.isRight(now) && now.right?.kind === kind)
    return goOnLocked(
      run,
      lock.right,
      async () => E.right({ ...material, plan: planAsBegun(material.plan, run) }),
      options,
      mirror,
    )
  await lock.right.release()
  return E.isLeft(now) ? now : null
}

/** Show the run that there is, or go on with it; null where it has come to something else meanwhile. */
const takeUp = async <LoadFailure>(
  found: FoundRun,
  material: Material,
  options: Options<LoadFailure>,
  mirror: RunMirror | null,
): Promise<Result<LoadFailure> | null> => {
  const difference = measuredDifference(found.run, material.plan.experiment)
  if (difference !== null) options.report?.({ kind: 'warning', message: difference })
  switch (found.kind) {
    case 'finished':
      return E.right({ kind: 'alreadyFinished', run: found.run, summary: found.summary })
    case 'unfinished':
      return goOn(found, material, options, mirror)
    case 'failed':
    case 'diverged':
      return found.kind === 'failed' && options.retryFailed === true
        ? goOn(found, material, options, mirror)
        : E.left({
            _tag: 'RunEndedBadly',
            status: found.kind,
            summary: found.summary,
            runDirectory: found.run.directory,
          })
    case 'unreadable':
      return E.left(
        runUnavailable(
          found.run.directory,
          'this run has ended, but its summary.json cannot be read',
          'Its weights and metrics are as they were; train again to get a summary.',
        ),
      )
    default:
      return found satisfies never
  }
}

/**
 * Execute an experiment: the run of its identity below `parent` is shown when it has finished, gone on with when it has not, and made and
 * trained when there is none. So the same call, given again, does what is missing.
 *
 * @returns what was trained now, whatever it came to (finished, interrupted, diverged), or the summary of a run that had finished. `Left`:
 * what the loaders fail with; `RunUnavailable` when another process writes into the run; `RunEndedBadly` when it diverged or failed before;
 * session errors and `RunFailed` when it fails now.
 * @example
 * const result = await executeRun(experiment, { directory: null, parent: 'runs', source, loadEngine, loadData })()
 */
export const executeRun =
  <LoadFailure>(
    experiment: Experiment,
    options: ExecuteRunOptions<LoadFailure>,
  ): TE.TaskEither<LoadFailure | ExecuteRunError, ExecuteRunResult> =>
  async () => {
    const runs = options.directory === null ? options.parent : dirname(resolve(options.directory))
    const loaded = await loadMaterial(experiment, options.source, runs, options)
    if (E.isLeft(loaded)) return loaded
    const material = loaded.right
    const { environment, fingerprint } = material
    const data = { ...options.source, fingerprint }
    const settings = { experiment, data, environment, commandLine: options.commandLine ?? null }
    return withStore(settings, options, options, async (mirror) => {
      for (;;) {
        const found = await findFor(settings, options)
        if (E.isLeft(found)) return found
        const result = await (found.right === null
          ? trainNew(settings, material, options, mirror)
          : takeUp(found.right, material, options, mirror))
        if (result !== null) return result
      }
    })
  }
