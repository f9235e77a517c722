import { makeBatch } from '@laperm/conformance/engine'
import { initializeParams } from '@laperm/core'
import { orThrow } from '@laperm/engine'
import { type ZooName, zoo, zooNames } from '@laperm/models'
import { describe, expect, it } from 'vitest'
import { makeSession } from './support/make-session.ts'

/** The big ones are given two examples: what is tested is that every layer fits, not how fast. */
const examplesOf = (name: ZooName): number => (name === 'conv13' || name === 'resnet50' ? 2 : 4)

describe('every network of the paper', () => {
  it.each(zooNames)('%s compiles, trains a step, synchronizes and evaluates', async (name) => {
    const size = examplesOf(name)
    const session = await makeSession(zoo[name], {
      outerUpdate: { kind: 'permute', roles: zoo[name].permutedRoles },
      batchSize: size,
    })
    try {
      const initial = initializeParams(session.inferred.parameters, 1)
      await orThrow(session.initialize(initial))
      const batch = makeBatch(session.inferred, size, 1)
      const { loss, correct } = await orThrow(session.trainStep(batch, 1e-3, 1))
      expect(loss).toBeGreaterThan(0)
      expect(Number.isFinite(loss)).toBe(true)
      expect(correct).toBeLessThanOrEqual(size)

      const trained = await orThrow(session.readParams())
      const unmoved = trained.filter(({ values }, i) =>
        values.every((value, j) => Object.is(value, initial[i].values[j])),
      )
      expect(unmoved.map((parameter) => parameter.name)).toEqual([])
      expect(trained.every(({ values }) => values.every(Number.isFinite))).toBe(true)

      await orThrow(session.sync())
      const evaluation = await orThrow(session.evaluate(batch))
      expect(Number.isFinite(evaluation.lossSum)).toBe(true)
    } finally {
      await session.dispose()
    }
  })
})
