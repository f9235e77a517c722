/**
 * One run: LaPerm, Adam and Lookahead in step with each other, each in train's loop, and what the page wants to know of them.
 *
 * LaPerm's accuracy counts only right after a synchronization, when its weights are a permutation of theta_0; each synchronization is
 * followed by the proof of that.
 */
import { type Params, rankingDistance, weightVectorsSize } from '@laperm/core'
import { inputSizeOf, limitDataset } from '@laperm/data'
import { type Engine, type EngineError, orThrow, type SessionError } from '@laperm/engine'
import {
  advanceStep,
  drawInitialParams,
  evaluateExamples,
  permutedRolesOf,
  type TrainEvent,
} from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Progress, Snapshot } from '../messages/events.ts'
import { type Moment, makeReel } from '../movie/reel.ts'
import { demoModels } from '../settings/demo-models.ts'
import { entriesOf, type PerContender } from '../settings/per-contender.ts'
import type { ContenderName, RunSettings } from '../settings/run-settings.ts'
import { type ContenderData, type Contenders, type Plans, startContenders } from './contenders.ts'
import type { Shelved } from './data-shelf.ts'
import { proveRun } from './proof.ts'
import { makeReporter } from './reporter.ts'
import { takeSnapshot, type View } from './snapshot.ts'

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
  readonly snapshot: (view: View) => Promise<Snapshot>
  /** LaPerm's weights at the last synchronization that was kept at a step or before it; theta_0 at 0. */
  readonly at: (step: number) => Moment
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
  const losses: { -readonly [K in keyof PerContender<number>]: PerContender<number>[K] } = {
    laperm: Number.NaN,
    adam: Number.NaN,
  }
  /** LaPerm's weights before its inner step, where the ranking distance is looked at. */
  let before: Params | undefined

  const observe = async (name: ContenderName, event: TrainEvent): Promise<void> => {
    const { session, loop } = contenders.laperm
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
        if (name !== 'laperm') return
        reporter.synced(event.step, proveRun(plans.laperm, loop.kept(), event.step))
        reel.add(event.step, loop.kept())
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
  const reel = makeReel(initial, permutedRolesOf(plans.laperm.experiment))
  const stepsTaken = (): number => loop.position().step
  const synced = () => ({ step: loop.position().keptStep, params: loop.kept() })
  const readParams = async (name: ContenderName): Promise<Params> => {
    const contender = contenders[name]
    if (contender === undefined) throw new TypeError(`${name} takes no part in this run`)
    return orThrow(contender.session.readParams())
  }

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
      for (const [optimizer, contender] of entriesOf(contenders)) {
        const score = evaluateExamples(contender.session, normalizer, watched, inputSize)
        const { accuracy, loss } = await orThrow(score)
        reporter.evaluated({ optimizer, step: 0, accuracy, loss })
      }
    },
    advance: async () => {
      const step = stepsTaken() + 1
      if (step % distanceSteps === 0) before = await orThrow(session.readParams())
      const diverged: ContenderName[] = []
      for (const [name, contender] of entriesOf(contenders)) {
        const result = await orThrow(advanceStep(contender.loop))
        if (result.kind === 'diverged') diverged.push(name)
      }
      if (diverged.length > 0) return { kind: 'diverged', step, contenders: diverged }
      reporter.loss(step, { ...losses })
      return { kind: 'advanced' }
    },
    report: () => reporter.take(stepsTaken(), loop.position().stepsSinceSync, reel.every()),
    at: reel.at,
    snapshot: async (view) => {
      const { step, params } = synced()
      return takeSnapshot(view, step, initial, params, await readParams('adam'))
    },
    weights: async (name) =>
      name === 'laperm' ? synced() : { step: stepsTaken(), params: await readParams(name) },
    dispose: contenders.dispose,
  })
}
