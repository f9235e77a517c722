/** The sessions that the laws of engines train, and how states are compared. */
import { adamSpec, type Params } from '@laperm/core'
import {
  type CompileOptions,
  type Engine,
  orThrow,
  renderEngineError,
  type SessionState,
  type TrainSession,
} from '@laperm/engine'
import { type InferredModel, inferShapes, type Model, renderModelError } from '@laperm/models'
import { either as E } from 'fp-ts'
import { makeBatch, makeParams } from './make-params.ts'

export const roles = ['kernel'] as const
export const batchSize = 8
export const learningRate = 1e-3
export const syncPeriod = 3

export const options: CompileOptions = {
  loss: 'softmaxCrossEntropy',
  innerOptimizer: adamSpec,
  outerUpdate: { kind: 'permute', roles },
  batchSize,
  seed: 5,
  threads: 1,
}

export const infer = (model: Model): InferredModel => {
  const inferred = inferShapes(model)
  if (E.isLeft(inferred)) throw new Error(renderModelError(inferred.left))
  return inferred.right
}

export const require = (holds: boolean, problem: string): void => {
  if (!holds) throw new Error(problem)
}

export const withSession = async <A>(
  engine: Engine,
  model: Model,
  use: (session: TrainSession, initial: Params) => Promise<A>,
  outerUpdate: CompileOptions['outerUpdate'] = options.outerUpdate,
): Promise<A> => {
  const compiled = await engine.compile(infer(model), { ...options, outerUpdate })()
  if (E.isLeft(compiled)) throw new Error(renderEngineError(compiled.left))
  const session = compiled.right
  try {
    const initial = makeParams(session.inferred, 1)
    await orThrow(session.initialize(initial))
    return await use(session, initial)
  } finally {
    await session.dispose()
  }
}

export const train = async (session: TrainSession, from: number, to: number): Promise<readonly number[]> => {
  const losses: number[] = []
  for (let step = from; step <= to; step++) {
    const batch = makeBatch(session.inferred, batchSize, step % 3)
    losses.push((await orThrow(session.trainStep(batch, learningRate, step))).loss)
    if (step % syncPeriod === 0) await orThrow(session.sync())
  }
  return losses
}

const sameBits = (a: Float32Array, b: Float32Array): boolean => {
  const [x, y] = [new Uint32Array(a.slice().buffer), new Uint32Array(b.slice().buffer)]
  return x.length === y.length && x.every((bits, i) => bits === y[i])
}

export const requireSameParams = (got: Params, expected: Params, when: string): void =>
  expected.forEach(({ name, values }, i) => {
    require(sameBits(got[i].values, values), `${name} has other bits ${when}`)
  })

export const requireSameState = (got: SessionState, expected: SessionState, when: string): void => {
  requireSameParams(got.params, expected.params, when)
  for (const [slot, arrays] of Object.entries(expected.slots))
    arrays.forEach((values, i) => {
      require(sameBits(got.slots[slot][i], values), `array ${i} of slot ${slot} has other bits ${when}`)
    })
}
