/** The optimizers side by side: a session each, from the same initial weights. */
import { adamSpec, type Params } from '@laperm/core'
import { type Engine, type OuterUpdate, orThrow, renderEngineError, type TrainSession } from '@laperm/engine'
import { either as E } from 'fp-ts'
import type { PerOptimizer } from '../messages/events.ts'
import { pageRemedies } from '../remedies.ts'
import { inferredModelOf, modelOf } from '../settings/demo-models.ts'
import { type OptimizerName, optimizerNames, type RunSettings } from '../settings/run-settings.ts'

export type Contenders = Readonly<Record<OptimizerName, TrainSession>>

const outerUpdateOf = (optimizer: OptimizerName, settings: RunSettings): OuterUpdate => {
  switch (optimizer) {
    case 'laperm':
      return { kind: 'permute', roles: modelOf(settings).permutedRoles }
    case 'adam':
      return { kind: 'none' }
    case 'lookahead':
      return { kind: 'lookahead', slowStepSize: settings.slowStepSize }
    default:
      return optimizer satisfies never
  }
}

/** The period at which an optimizer's session synchronizes; null where it never does. */
export const syncPeriodOf = (optimizer: OptimizerName, settings: RunSettings): number | null =>
  optimizer === 'laperm' ? settings.syncPeriod : optimizer === 'lookahead' ? settings.lookaheadPeriod : null

/** A session of the run's network on the engine. @throws Error in words for people when the engine refuses it. */
export const compileSession = async (
  engine: Engine,
  settings: RunSettings,
  outerUpdate: OuterUpdate,
  initial: Params,
): Promise<TrainSession> => {
  const compiled = await engine.compile(inferredModelOf(settings), {
    loss: 'softmaxCrossEntropy',
    innerOptimizer: adamSpec,
    outerUpdate,
    batchSize: settings.batchSize,
    seed: settings.seed,
  })()
  if (E.isLeft(compiled)) throw new Error(renderEngineError(compiled.left, pageRemedies))
  await orThrow(compiled.right.initialize(initial))
  return compiled.right
}

/** One session an optimizer. */
export const makeContenders = async (
  engine: Engine,
  settings: RunSettings,
  initial: Params,
): Promise<Contenders> => ({
  laperm: await compileSession(engine, settings, outerUpdateOf('laperm', settings), initial),
  adam: await compileSession(engine, settings, outerUpdateOf('adam', settings), initial),
  lookahead: await compileSession(engine, settings, outerUpdateOf('lookahead', settings), initial),
})

/** Ask each session in turn: a backend of tfjs does one thing at a time. */
export const ofEach = async (
  contenders: Contenders,
  ask: (session: TrainSession, name: OptimizerName) => Promise<number>,
): Promise<PerOptimizer> => {
  const answers: Partial<Record<OptimizerName, number>> = {}
  for (const name of optimizerNames) answers[name] = await ask(contenders[name], name)
  return answers as PerOptimizer
}

/** Free them; a device that is gone has nothing to free. */
export const disposeContenders = async (contenders: Contenders): Promise<void> => {
  for (const name of optimizerNames) await contenders[name].dispose()
}
