/** Engine and data of a run, loaded by whoever executes it, and the session that trains them. */
import type { Dataset } from '@laperm/data'
import type { Engine, TrainSession } from '@laperm/engine'
import { type Experiment, planRun, type RunPlan, startSession } from '@laperm/train'
import { either as E } from 'fp-ts'
import { type DataFingerprint, fingerprintOf } from './data-fingerprint.ts'
import type { ExecuteRunError, ExecutionOptions } from './execution.ts'
import { readStartsFrom } from './read-starts-from.ts'
import type { DataSource } from './run-config.ts'
import type { Run } from './run-directory.ts'
import { type RunEnvironment, readEnvironment } from './run-environment.ts'

/** Engine and data of an experiment, which fit each other. */
export interface Material {
  readonly engine: Engine
  readonly environment: RunEnvironment
  readonly dataset: Dataset
  readonly fingerprint: DataFingerprint
  readonly plan: RunPlan
}

/**
 * Load what an experiment needs, and see whether it fits.
 *
 * @param runs the directory that the run is or will be in: others that it starts from lie there too.
 */
export const loadMaterial = async <LoadFailure>(
  experiment: Experiment,
  source: DataSource,
  runs: string,
  {
    loadEngine,
    loadData,
    fingerprint = fingerprintOf,
    environmentOf = readEnvironment,
    report,
  }: ExecutionOptions<LoadFailure>,
): Promise<E.Either<LoadFailure | ExecuteRunError, Material>> => {
  const engine = await loadEngine(experiment)()
  if (E.isLeft(engine)) return engine
  const dataset = await loadData(experiment, source)()
  if (E.isLeft(dataset)) return dataset
  const trained = await readStartsFrom(experiment, runs)()
  if (E.isLeft(trained)) return trained
  const plan = planRun(experiment, dataset.right, trained.right)
  if (E.isLeft(plan)) return plan
  report?.({ kind: 'planned', plan: plan.right })
  return E.right({
    engine: engine.right,
    environment: await environmentOf(engine.right),
    dataset: dataset.right,
    fingerprint: fingerprint(dataset.right),
    plan: plan.right,
  })
}

/**
 * Compile the session of a run.
 *
 * @param run null where its directory is not made yet: a model that the engine refuses leaves none behind.
 */
export const compileRun = async (
  { plan, engine }: Material,
  run: Run | null,
  { report }: ExecutionOptions<unknown>,
): Promise<E.Either<ExecuteRunError, TrainSession>> => {
  report?.({ kind: 'compiling', experiment: plan.experiment, run })
  const session = await startSession(plan, engine)()
  return E.isLeft(session) ? E.left({ ...session.left, runDirectory: run?.directory ?? null }) : session
}
