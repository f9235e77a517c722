/** Several loops in step with each other on the same batches, as a page drives them. */
import { checkPermutations, type Params } from '@laperm/core'
import { limitDataset, makeInlineBatchSource, makeNormalizer } from '@laperm/data'
import type { TrainSession } from '@laperm/engine'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  advanceStep,
  batchJobOf,
  drawInitialParams,
  type EvaluationPolicy,
  type Experiment,
  evaluateExamples,
  type LoopOptions,
  makeLoop,
  makeTrainingBatches,
  planRun,
  shareBatches,
  startSession,
  type TrainEvent,
  type TrainingBatches,
  type TrainingLoop,
} from '../src/index.ts'
import { makeDenseEngine } from './dense-engine.ts'
import { eventsOf, experimentOf, fingerprint, runOf, smallDigits } from './fixture-runs.ts'

const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

const experiments = {
  laperm: experimentOf({ outer: { syncPeriod: { kind: 'constant', period: 3 } } }),
  adam: experimentOf({ optimizer: 'adam', outer: undefined }),
  lookahead: experimentOf({ optimizer: 'lookahead', outer: { syncPeriod: { kind: 'constant', period: 5 } } }),
}
const names = ['laperm', 'adam', 'lookahead'] as const

// 50 of the test images, looked at every 4 steps or at the first synchronization after that.
const watched = limitDataset({ ...smallDigits, train: smallDigits.test }, 50).train
const normalizer = makeNormalizer(experiments.laperm.normalization, smallDigits.train, smallDigits.inputShape)
const everyFour: EvaluationPolicy = { kind: 'everySteps', steps: 4 }

interface Contender {
  readonly loop: TrainingLoop
  readonly session: TrainSession
  readonly events: TrainEvent[]
}

const makeContender = async (
  experiment: Experiment,
  batches: TrainingBatches,
  {
    evaluateOf = (session) => () => evaluateExamples(session, normalizer, watched, 784),
    evaluateAt = everyFour,
    keepEverySteps,
  }: Pick<LoopOptions, 'evaluateAt' | 'keepEverySteps'> & {
    readonly evaluateOf?: (session: TrainSession) => LoopOptions['evaluate']
  } = {},
): Promise<Contender> => {
  const plan = must(planRun(experiment, smallDigits))
  const session = must(await startSession(plan, makeDenseEngine())())
  const events: TrainEvent[] = []
  const loop = makeLoop({
    plan,
    session,
    batches,
    evaluate: evaluateOf(session),
    evaluateAt,
    keepEverySteps,
    observe: (event) => {
      events.push(event)
    },
  })
  return { loop, session, events }
}

const batchesOf = (): TrainingBatches =>
  makeTrainingBatches(
    makeInlineBatchSource(
      batchJobOf(must(planRun(experiments.laperm, smallDigits)), smallDigits, normalizer),
    ),
  )

describe('three loops in step', () => {
  test('train as each does alone, are evaluated on the watched examples, and LaPerm’s are permutations', async () => {
    const shared = shareBatches(batchesOf(), names.length)
    const contenders: Contender[] = []
    for (const [i, name] of names.entries())
      contenders.push(await makeContender(experiments[name], shared[i]))
    const [laperm] = contenders
    const initial = drawInitialParams(must(planRun(experiments.laperm, smallDigits)))
    let proofs = 0
    for (let step = 1; step <= 20; step++) {
      for (const { loop } of contenders) {
        expect(must(await advanceStep(loop)())).toEqual({ kind: 'advanced', stage: 'endEpoch' })
        expect(loop.position()).toMatchObject({ step, stage: 'train' })
      }
      if (laperm.loop.position().stepsSinceSync !== 0) continue
      const { isPermutation } = checkPermutations(initial, must(await laperm.session.readParams()()), [
        'kernel',
      ])
      expect(isPermutation).toBe(true)
      proofs++
    }
    // At 3, 6, ..., 18, and at the run's end.
    expect(proofs).toBe(7)
    for (const { loop } of contenders) expect(must(await loop.advance()())).toEqual({ kind: 'finished' })

    const stepsOf = ({ events }: Contender) =>
      eventsOf(events, 'evaluation').map(({ evaluation }) => evaluation.step)
    expect(contenders.map(stepsOf)).toEqual([
      // The first synchronizations at least 4 steps after the evaluation before.
      [6, 12, 18],
      [4, 8, 12, 16, 20],
      [5, 10, 15, 20],
    ])
    for (const [i, name] of names.entries()) {
      const alone = await runOf(experiments[name])
      expect(eventsOf(contenders[i].events, 'step')).toEqual(eventsOf(alone.events, 'step'))
      expect(fingerprint(must(await contenders[i].session.readParams()()))).toBe(
        fingerprint(alone.outcome.weights),
      )
    }
  })

  test('cannot run away from each other: a batch would be overwritten before the others have seen it', async () => {
    const [first, second] = shareBatches(batchesOf(), 2)
    const one = await first.next()
    await expect(async () => first.next()).rejects.toThrow(/loop 0 is ahead/)
    expect(await second.next()).toBe(one)
    expect(await second.next()).toBe(await first.next())
  })
})

describe('a session', () => {
  test('starts from theta_0, or from other weights of the same network', async () => {
    const plan = must(planRun(experiments.adam, smallDigits))
    const other = drawInitialParams(must(planRun({ ...experiments.adam, seed: 9 }, smallDigits)))
    const readOf = async (initial?: Params): Promise<string> => {
      const session = must(await startSession(plan, makeDenseEngine(), initial)())
      return fingerprint(must(await session.readParams()()))
    }
    expect(await readOf()).toBe(fingerprint(drawInitialParams(plan)))
    expect(await readOf(other)).toBe(fingerprint(other))
  })
})

describe('a loop', () => {
  test('takes one stage at a time, and makes an evaluation that was stopped again', async () => {
    const abort = new AbortController()
    let evaluations = 0
    const { loop } = await makeContender(experiments.adam, batchesOf(), {
      evaluateOf: (session) => (signal) => {
        // Somebody stops the run while the first evaluation is under way.
        if (evaluations++ === 0) abort.abort()
        return evaluateExamples(session, normalizer, watched, 784, signal)
      },
    })
    const stages: string[] = []
    for (let i = 0; i < 18; i++) {
      const advanced = must(await loop.advance()())
      if (advanced.kind === 'advanced') stages.push(advanced.stage)
    }
    expect(stages.slice(0, 6)).toEqual(['train', 'evaluateInner', 'sync', 'evaluate', 'endEpoch', 'train'])
    expect(loop.position()).toMatchObject({ step: 4, stage: 'evaluate', last: null })
    expect(must(await loop.advance(abort.signal)())).toEqual({ kind: 'stopped', stage: 'evaluate' })
    expect(loop.position()).toMatchObject({ step: 4, stage: 'evaluate', last: null })
    expect(must(await loop.advance()())).toEqual({ kind: 'advanced', stage: 'evaluate' })
    expect(loop.position().last?.step).toBe(4)
  })

  test('that waits for no synchronization evaluates the inner optimizer between two, as a series of its own', async () => {
    const { loop, events } = await makeContender(experiments.lookahead, batchesOf(), {
      evaluateAt: { ...everyFour, betweenSyncs: true },
    })
    for (let step = 1; step <= 20; step++) must(await advanceStep(loop)())
    const seen = eventsOf(events, 'evaluation').map(({ series, evaluation }) => [series, evaluation.step])
    // k = 5: of the multiples of 4 only 20 is a synchronization.
    expect(seen).toEqual([
      ['inner', 4],
      ['inner', 8],
      ['inner', 12],
      ['inner', 16],
      ['synchronized', 20],
    ])
    expect(loop.position().best?.step).toBe(20)
  })

  test.each([
    [1, [3, 6, 9, 12, 15, 18]],
    // Those of an evaluation, and the first ones 7 steps after the last.
    [7, [6, 12, 18]],
  ])(
    'that keeps the weights every %i steps has them right after a synchronization',
    async (keepEverySteps, kept) => {
      const { loop, session } = await makeContender(experiments.laperm, batchesOf(), { keepEverySteps })
      const keptAt: number[] = []
      for (let step = 1; step <= 18; step++) {
        must(await advanceStep(loop)())
        if (loop.position().keptStep !== step) continue
        keptAt.push(step)
        expect(fingerprint(loop.kept())).toBe(fingerprint(must(await session.readParams()())))
      }
      expect(keptAt).toEqual(kept)
    },
  )

  test('that diverged says so again, and does nothing more', async () => {
    const plan = must(planRun(experiments.adam, smallDigits))
    const session = must(
      await makeDenseEngine({ poisonAfterStep: 1 }).compile(plan.inferred, {
        loss: 'softmaxCrossEntropy',
        innerOptimizer: experiments.adam.innerOptimizer,
        outerUpdate: { kind: 'none' },
        batchSize: 50,
        seed: 1,
      })(),
    )
    must(await session.initialize(drawInitialParams(plan))())
    const loop = makeLoop({
      plan,
      session,
      batches: batchesOf(),
      evaluate: () => evaluateExamples(session, normalizer, watched, 784),
    })
    expect(must(await advanceStep(loop)()).kind).toBe('advanced')
    expect(must(await advanceStep(loop)())).toEqual({ kind: 'diverged', step: 2 })
    expect(must(await advanceStep(loop)())).toEqual({ kind: 'diverged', step: 2 })
    // An interrupted run of an optimizer that never synchronizes does not keep such weights.
    expect(must(await loop.keepPresent()())).toEqual({ kind: 'diverged', step: 2 })
    expect(loop.position().step).toBe(1)
  })
})
