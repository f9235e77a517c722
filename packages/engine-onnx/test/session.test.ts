import {
  convNet,
  denseNet,
  everyLayerNet,
  makeBatch,
  makeModel,
  makeParams,
} from '@laperm/conformance/engine'
import {
  adamSpec,
  isTrainable,
  momentumSpec,
  type Params,
  renderError,
  sgdSpec,
  sort,
  sync,
  type WeightVectors,
  weightVectorsSize,
} from '@laperm/core'
import {
  type Batch,
  type CompileOptions,
  orThrow,
  type SessionState,
  type TrainSession,
} from '@laperm/engine'
import type { Model } from '@laperm/models'
import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { largestOf } from './support/compare.ts'
import { makeSession } from './support/make-session.ts'

const permute: CompileOptions['outerUpdate'] = { kind: 'permute', roles: ['kernel'] }

/** Steps `from` to `to` over three batches in turn, synchronizing every second step. Gives the losses. */
const train = async (
  session: TrainSession,
  from: number,
  to: number,
  learningRate = 0.01,
): Promise<readonly number[]> => {
  const losses: number[] = []
  for (let step = from; step <= to; step++) {
    const batch = makeBatch(session.inferred, 8, step % 3)
    losses.push((await orThrow(session.trainStep(batch, learningRate, step))).loss)
    if (step % 2 === 0) await orThrow(session.sync())
  }
  return losses
}

const bitsOf = (values: Float32Array): readonly number[] => [...new Uint32Array(values.slice().buffer)]
const paramBits = (params: Params) => params.map(({ name, values }) => [name, bitsOf(values)])
const stateBits = (state: SessionState) => ({
  params: paramBits(state.params),
  slots: Object.entries(state.slots).map(([slot, arrays]) => [slot, arrays.map(bitsOf)]),
  slow: state.slow.map(bitsOf),
})

const withSession = async <A>(
  model: Model,
  options: Partial<CompileOptions>,
  use: (session: TrainSession) => Promise<A>,
): Promise<A> => {
  const session = await makeSession(model, options)
  try {
    return await use(session)
  } finally {
    await session.dispose()
  }
}

/** The values of each weight vector, ascending. */
const sortedColumns = ({ values, length, count }: WeightVectors): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, column) =>
    bitsOf(Float32Array.from({ length }, (_, row) => values[row * count + column]).sort()),
  )

describe('a session', () => {
  it.each([denseNet, everyLayerNet])('of $name learns the labels of a few batches', async (model) => {
    await withSession(model, {}, async (session) => {
      await orThrow(session.initialize(makeParams(session.inferred, 1)))
      const batch = makeBatch(session.inferred, 8, 0)
      const before = await orThrow(session.evaluate(batch))
      for (let step = 1; step <= 500; step++) await orThrow(session.trainStep(batch, 0.01, step))
      const after = await orThrow(session.evaluate(batch))
      expect(after.lossSum).toBeLessThan(before.lossSum / 3)
      expect(after.correct).toBeGreaterThan(6)
      expect(after.size).toBe(8)
    })
  })

  it('gives the same bits for the same seed, and others for another', async () => {
    const run = (seed: number) =>
      withSession(everyLayerNet, { seed, outerUpdate: permute }, async (session) => {
        await orThrow(session.initialize(makeParams(session.inferred, 1)))
        const losses = await train(session, 1, 6)
        return { losses, params: paramBits(await orThrow(session.readParams())) }
      })
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    // Only the dropout masks differ.
    expect((await run(2)).losses).not.toEqual(first.losses)
  })

  it.each([
    ['Adam and Lookahead', adamSpec, { kind: 'lookahead', slowStepSize: 0.5 }],
    ['Adam and LaPerm', adamSpec, permute],
    ['momentum', momentumSpec, { kind: 'none' }],
    ['SGD', sgdSpec, { kind: 'none' }],
  ] as const)(
    'goes on bit for bit from a state read before, with %s',
    async (_, innerOptimizer, outerUpdate) => {
      const options = { innerOptimizer, outerUpdate }
      const { middle, expected } = await withSession(everyLayerNet, options, async (session) => {
        await orThrow(session.initialize(makeParams(session.inferred, 1)))
        await train(session, 1, 5)
        const state = await orThrow(session.readState())
        const losses = await train(session, 6, 11)
        return { middle: state, expected: { losses, state: stateBits(await orThrow(session.readState())) } }
      })
      const resumed = await withSession(everyLayerNet, options, async (session) => {
        await orThrow(session.initialize(makeParams(session.inferred, 1)))
        await train(session, 1, 2)
        await orThrow(session.writeState(middle))
        const losses = await train(session, 6, 11)
        return { losses, state: stateBits(await orThrow(session.readState())) }
      })
      expect(resumed).toEqual(expected)
    },
  )

  it('leaves every permuted parameter a permutation of its initial value, per weight vector, bit for bit', async () => {
    await withSession(
      convNet,
      { outerUpdate: { kind: 'permute', roles: convNet.permutedRoles } },
      async (session) => {
        const initial = makeParams(session.inferred, 1)
        await orThrow(session.initialize(initial))
        await train(session, 1, 4, 0.1)
        const trained = await orThrow(session.readParams())
        let movedKernels = 0
        trained.forEach(({ name, role, values, shape }, i) => {
          const size = weightVectorsSize(shape)
          expect(sortedColumns({ values, ...size }), name).toEqual(
            sortedColumns({ values: initial[i].values, ...size }),
          )
          if (role === 'kernel' && bitsOf(values).join() !== bitsOf(initial[i].values).join()) movedKernels++
        })
        expect(movedKernels).toBe(4)
      },
    )
  })

  it('synchronizes as core does, bit for bit', async () => {
    await withSession(everyLayerNet, { outerUpdate: permute }, async (session) => {
      const initial = makeParams(session.inferred, 1)
      await orThrow(session.initialize(initial))
      await orThrow(session.trainStep(makeBatch(session.inferred, 8, 0), 0.05, 1))
      const before = await orThrow(session.readParams())
      await orThrow(session.sync())
      const after = await orThrow(session.readParams())
      for (const [i, { name, role, shape, values }] of before.entries()) {
        if (role !== 'kernel') {
          expect(bitsOf(after[i].values), name).toEqual(bitsOf(values))
          continue
        }
        const size = weightVectorsSize(shape)
        const expected = F.pipe(
          sort({ values: initial[i].values, ...size }),
          E.chain((sorted) => sync(sorted, { values, ...size })),
        )
        if (E.isLeft(expected)) throw new Error(renderError(expected.left))
        expect(bitsOf(after[i].values), name).toEqual(bitsOf(expected.right.values))
      }
    })
  })

  it('permutes only the roles that the model names', async () => {
    await withSession(everyLayerNet, { outerUpdate: permute }, async (session) => {
      const initial = makeParams(session.inferred, 1)
      await orThrow(session.initialize(initial))
      await train(session, 1, 2)
      const trained = await orThrow(session.readParams())
      trained.forEach(({ name, role, values }, i) => {
        const kept = bitsOf(values.slice().sort()).join() === bitsOf(initial[i].values.slice().sort()).join()
        expect(kept, name).toBe(role === 'kernel')
      })
    })
  })

  it('moves the slow weights by Lookahead, and nothing that is not trained', async () => {
    const slowStepSize = 0.25
    await withSession(
      everyLayerNet,
      { outerUpdate: { kind: 'lookahead', slowStepSize } },
      async (session) => {
        const initial = makeParams(session.inferred, 1)
        await orThrow(session.initialize(initial))
        await orThrow(session.trainStep(makeBatch(session.inferred, 8, 0), 0.01, 1))
        const fast = await orThrow(session.readParams())
        await orThrow(session.sync())
        const synced = await orThrow(session.readParams())
        synced.forEach(({ name, role, values }, i) => {
          const expected = isTrainable(role)
            ? values.map(
                (_, j) => initial[i].values[j] + slowStepSize * (fast[i].values[j] - initial[i].values[j]),
              )
            : fast[i].values
          expect(bitsOf(values), name).toEqual(bitsOf(expected))
        })
      },
    )
  })

  it('takes batches of any size, in any order, and evaluates the same for any split', async () => {
    await withSession(everyLayerNet, {}, async (session) => {
      await orThrow(session.initialize(makeParams(session.inferred, 1)))
      let step = 0
      for (const size of [8, 3, 8, 1, 11]) {
        const { loss, correct } = await orThrow(
          session.trainStep(makeBatch(session.inferred, size, 2), 1e-3, ++step),
        )
        expect(Number.isFinite(loss)).toBe(true)
        expect(correct).toBeLessThanOrEqual(size)
      }
      const whole = makeBatch(session.inferred, 11, 5)
      const width = whole.inputs.length / 11
      const part = (from: number, to: number): Batch => ({
        size: to - from,
        inputs: whole.inputs.slice(from * width, to * width),
        labels: whole.labels.slice(from, to),
      })
      const all = await orThrow(session.evaluate(whole))
      const left = await orThrow(session.evaluate(part(0, 4)))
      const right = await orThrow(session.evaluate(part(4, 11)))
      expect(left.correct + right.correct).toBe(all.correct)
      expect(left.lossSum + right.lossSum).toBeCloseTo(all.lossSum, 4)
    })
  })

  it('changes nothing by evaluating', async () => {
    await withSession(everyLayerNet, {}, async (session) => {
      await orThrow(session.initialize(makeParams(session.inferred, 1)))
      await train(session, 1, 1)
      const before = stateBits(await orThrow(session.readState()))
      await orThrow(session.evaluate(makeBatch(session.inferred, 8, 0)))
      expect(stateBits(await orThrow(session.readState()))).toEqual(before)
    })
  })

  it('evaluates with the moving averages and without dropout', async () => {
    await withSession(everyLayerNet, {}, async (session) => {
      const params = makeParams(session.inferred, 1)
      await orThrow(session.initialize(params))
      const batch = makeBatch(session.inferred, 8, 0)
      const first = await orThrow(session.evaluate(batch))
      expect(await orThrow(session.evaluate(batch))).toEqual(first)
      await orThrow(
        session.initialize(
          params.map((parameter) =>
            parameter.role === 'movingVariance'
              ? { ...parameter, values: parameter.values.map((value) => value * 4) }
              : parameter,
          ),
        ),
      )
      expect((await orThrow(session.evaluate(batch))).lossSum).not.toBeCloseTo(first.lossSum, 3)
    })
  })

  it('starts afresh by initialize', async () => {
    await withSession(denseNet, {}, async (session) => {
      const params = makeParams(session.inferred, 1)
      await orThrow(session.initialize(params))
      const first = await train(session, 1, 4)
      await orThrow(session.initialize(params))
      const state = await orThrow(session.readState())
      expect(state.slots['m'].map(largestOf).every((value) => value === 0)).toBe(true)
      expect(await train(session, 1, 4)).toEqual(first)
    })
  })

  it('keeps two sessions apart', async () => {
    const model = makeModel('tiny', [3], denseNet.layers)
    await withSession(model, {}, (a) =>
      withSession(denseNet, {}, async (b) => {
        await orThrow(a.initialize(makeParams(a.inferred, 1)))
        await orThrow(b.initialize(makeParams(b.inferred, 2)))
        const alone = await train(a, 1, 2)
        const [together] = await Promise.all([train(a, 3, 4), train(b, 1, 4)])
        expect(alone.concat(together)).toHaveLength(4)
        await orThrow(a.initialize(makeParams(a.inferred, 1)))
        expect(await train(a, 1, 4)).toEqual([...alone, ...together])
      }),
    )
  })
})
