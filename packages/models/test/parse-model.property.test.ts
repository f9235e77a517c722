import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { inferShapes, type Model, parseModel, renderModelError, zoo, zooNames } from '../src/index.ts'
import { drawnLayer, drawnModel } from './drawn-models.ts'

const rounds = fuzzRounds(500)

const again = (model: Model) => parseModel(JSON.parse(JSON.stringify(model)))

describe('parseModel', () => {
  it('reads every network of the zoo back as it was', () => {
    for (const name of zooNames) expect(again(zoo[name])).toEqual(E.right(zoo[name]))
  })

  it('reads a drawn model back as it was, or says of it what inferShapes says', () => {
    let fitting = 0
    fc.assert(
      fc.property(drawnModel, (model) => {
        const inferred = inferShapes(model)
        if (E.isRight(inferred)) fitting++
        expect(again(model)).toEqual(E.isLeft(inferred) ? inferred : E.right(model))
      }),
      { numRuns: 500 },
    )
    expect(fitting).toBeGreaterThan(50)
  })

  it('applies to drawn layers: a removed key is a default or an error, an added one an error', () => {
    const wrap = (layer: unknown) => ({ name: 'm', inputShape: [9, 9, 2], layers: [layer] })
    fc.assert(
      fc.property(drawnLayer, fc.nat(), (layer, at) => {
        const added = parseModel(wrap({ ...layer, surplus: 1 }))
        expect(E.isLeft(added) && added.left.reason).toContain('layers[0].surplus')
        const key = Object.keys(layer)[at % Object.keys(layer).length]
        const removed = parseModel(wrap(Object.fromEntries(Object.entries(layer).filter(([k]) => k !== key))))
        if (E.isRight(removed)) expect(Object.keys(removed.right.layers[0])).toContain(key)
        else expect(removed.left.path).toMatch(/^layers\[0\]/)
      }),
    )
  })

  it('never throws, whatever it is given, and says so in a sentence', {
    timeout: fuzzTimeoutMs(rounds),
  }, () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
    fc.assert(
      fc.property(
        drawnModel,
        anything,
        fc.constantFrom('name', 'inputShape', 'layers', 'initializers', 'permutedRoles'),
        (model, value, key) => {
          const [first, ...rest] = model.layers
          const setting = Object.keys(first).at(-1) ?? 'kind'
          for (const broken of [
            value,
            { ...model, [key]: value },
            { ...model, layers: [value, ...rest] },
            { ...model, layers: [{ ...first, [setting]: value }, ...rest] },
          ]) {
            const parsed = parseModel(broken)
            if (E.isLeft(parsed)) expect(renderModelError(parsed.left)).toMatch(/^Model.*[.?]$/s)
          }
        },
      ),
      { numRuns: rounds },
    )
    console.log(`models: ${rounds} networks broken in four ways each, none threw`)
  })
})
