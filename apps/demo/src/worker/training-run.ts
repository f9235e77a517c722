/**
 * One run: LaPerm, Adam and Lookahead in step with each other, each in train's loop, and what the page wants to know of them.
 *
 * LaPerm's accuracy counts only right after a synchronization, when its weights are a permutation of theta_0; each synchronization is
 * followed by the proof of that.
 */
import { type Params, rankingDistance, weightVectorsSize } from '@laperm/core'
import { inputSizeOf, limitDataset } from '@laperm/data'
import { type Engine, type EngineError, orThrow, type SessionError } from '@laperm/engine'
import { advanceStep, drawInitialParams, evaluateExamples, type TrainEvent } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Progress, Snapshot } from '../messages/events.ts'
import { demoModels } from '../settings/demo-models.ts'
import { type ContenderName, contenderNames, type RunSettings } from '../settings/run-settings.ts'
import { type ContenderData, type Contenders, type Plans, startContenders } from './contenders.ts'
import type { Shelved } from './data-shelf.ts'
import { proveRun } from './proof.ts'
import { makeReporter } from './reporter.ts'
import { takeSnapshot } from './snapshot.ts'

/** Least steps between two looks at the ranking distance. */
const distanceSteps = 10

/** What came of a step. */
export type StepResult =
  | { readonly kind: 'advanced' }
  /** The loss or a weight of these is no longer a finite number: the run is over. */
  | { readonly kind: 'diverged'; readonly step: number; readonly contenders: readonly ContenderName[] }

export interface TrainingRun extends ContenderData {
  readonly engine: Engine
  readonly settings: RunSettings
  readonly contenders: Contenders
  /** theta_0. */
  readonly initial: Params
  readonly step: () => number
  /** Whether LaPerm's weights are a permutation of theta_0 by the present step. */
  readonly isSynced: () => boolean
  /** Step 0's accuracy: the same for all, since nothing has been trained. @throws SessionFault */
  readonly begin: () => Promise<void>
  /** One step of each optimizer, with what is due after it. @throws SessionFault when a session fails. */
  readonly advance: () => Promise<StepResult>
  readonly report: () => Progress
  readonly snapshot: (view: { readonly layer: string; readonly neuron: number }) => Promise<Snapshot>
  /** A contender's weights and their step; LaPerm's are those of the last synchronization. */
  readonly weights: (name: ContenderName) => Promise<{ readonly step: number; readonly params: Params }>
  readonly dispose: () => Promise<void>
}

/** Mean ranking distance of the first matrix, as a share of a vector's length. */
const distanceOf = (before: Params, after: Params): number => {
  const vectors = (params: Params) => {
    const first = params.find(({ role }) => role === 'kernel') ?? params[0]
    return { values: first.values, ...weightVectorsSize(first.shape) }
  }
  const distance = rankingDistance(vectors(before), vectors(after))
  return E.isLeft(distance) ? Number.NaN : distance.right.mean / distance.right.length
}

/**
 * Start the sessions from theta_0; no step is taken.
 *
 * @param plans of these settings and these data.
 */
export const makeTrainingRun = async (
  engine: Engine,
  settings: RunSettings,
  plans: Plans,
  { dataset, normalizer }: Shelved,
): Promise<E.Either<EngineError | SessionError, TrainingRun>> => {
  const { watchedExamples } = demoModels[settings.model]
  const watched = limitDataset({ ...dataset, train: dataset.test }, watchedExamples).train
  const data: ContenderData = { dataset, normalizer, watched }
  const reporter = makeReporter(() => performance.now())
  const losses: Record<ContenderName, number> = {
    laperm: Number.NaN,
    adam: Number.NaN,
    lookahead: Number.NaN,
  }
  /** LaPerm's weights before its inner step, where the ranking distance is looked at. */
  let before: Params | undefined

  const observe = async (name: ContenderName, event: TrainEvent): Promise<void> => {
    const { session, loop } = contenders[name]
    switch (event.kind) {
      case 'step':
        losses[name] = event.loss
        if (name !== 'laperm' || before === undefined) return
        reporter.distance({
          step: event.step,
          value: distanceOf(before, await orThrow(session.readParams())),
        })
        before = undefined
        return
      case 'sync':
        if (name === 'laperm') reporter.synced(event.step, proveRun(plans.laperm, loop.kept(), event.step))
        return
      case 'evaluation': {
        const { step, accuracy, loss } = event.evaluation
        reporter.evaluated({ optimizer: name, step, accuracy, loss })
        return
      }
    }
  }
  const started = await startContenders(engine, plans, data, observe)
  if (E.isLeft(started)) return started
  const contenders = started.right
  const { loop, session } = contenders.laperm
  const initial = drawInitialParams(plans.laperm)
  const stepsTaken = (): number => loop.position().step
  const synced = () => ({ step: loop.position().keptStep, params: loop.kept() })
  const readParams = (name: ContenderName): Promise<Params> => orThrow(contenders[name].session.readParams())

  return E.right({
    ...data,
    engine,
    settings,
    contenders,
    initial,
    step: stepsTaken,
    isSynced: () => loop.position().stepsSinceSync === 0,
    begin: async () => {
      const inputSize = inputSizeOf(dataset.inputShape)
      for (const optimizer of contenderNames) {
        const score = evaluateExamples(contenders[optimizer].session, normalizer, watched, inputSize)
        const { accuracy, loss } = await orThrow(score)
        reporter.evaluated({ optimizer, step: 0, accuracy, loss })
      }
    },
    advance: async () => {
      const step = stepsTaken() + 1
      if (step % distanceSteps === 0) before = await orThrow(session.readParams())
      const diverged: ContenderName[] = []
      for (const name of contenderNames) {
        const result = await orThrow(advanceStep(contenders[name].loop))
        if (result.kind === 'diverged') diverged.push(name)
      }
      if (diverged.length > 0) return { kind: 'diverged', step, contenders: diverged }
      reporter.loss(step, { ...losses })
      return { kind: 'advanced' }
    },
    report: () => reporter.take(stepsTaken(), loop.position().stepsSinceSync),
    snapshot: async (view) => {
      const { step, params } = synced()
      return takeSnapshot(view, step, initial, params, await readParams('adam'))
    },
    weights: async (name) =>
      name === 'laperm' ? synced() : { step: stepsTaken(), params: await readParams(name) },
    dispose: contenders.dispose,
  })
}
