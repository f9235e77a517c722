import { describe, expect, test } from 'vitest'
import { fingerprintOf, identityOf } from '../src/index.ts'
import { installedVersion } from '../src/installed-version.ts'
import { experimentOf, smallDigits } from './fixture-runs.ts'

const experiment = experimentOf()
const data = fingerprintOf(smallDigits)
const bits = { '@laperm/core': '0.1.0', threads: '2' }
const identity = identityOf({ experiment, data, bits })

/** Every value that differs from a record's in one place: a number, a text, a switch, a null, a field more. */
const changesOf = (value: unknown): readonly unknown[] => {
  if (typeof value === 'number') return [value + 1]
  if (typeof value === 'string') return [`${value}x`]
  if (typeof value === 'boolean') return [!value]
  if (value === null || value === undefined) return [0]
  if (Array.isArray(value)) return [[...value, 0]]
  const record = value as Readonly<Record<string, unknown>>
  return [
    ...Object.entries(record).flatMap(([key, member]) =>
      changesOf(member).map((changed) => ({ ...record, [key]: changed })),
    ),
    { ...record, another: 0 },
  ]
}

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

const ownModel = {
  name: 'mine',
  inputShape: [28, 28, 1],
  layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }, { kind: 'softmax' }],
}

describe('the identity of a run', () => {
  test('is 64 hexadecimal digits, and these must never change', () => {
    const never = identityOf({
      experiment: { model: 'f1', seed: 1, limit: -0, threads: 4 } as never,
      data: { trainInputs: 'a', trainLabels: 'b', testInputs: 'c', testLabels: 'd' },
      bits: { b: '2', a: '1' },
    })
    // printf '%s' '{"bits":{"a":"1","b":"2"},"data":{"testInputs":"c","testLabels":"d","trainInputs":"a","trainLabels":"b"},
    // "experiment":{"limit":0,"model":"f1","seed":1},"format":"laperm-identity/1"}' (in one line) | sha256sum
    expect(never).toBe('b705e1eaf2e495d81ff7f2c9899f30a1f32583eac51dbb312f5fa493a0d7ecba')
  })

  test.each([experiment, experimentOf({ model: ownModel as never, augmentation: null })])(
    'does not depend on the order of keys, nor on a way through JSON (%#)',
    (each) => {
      const one = identityOf({ experiment: each, data, bits })
      expect(identityOf(reversed({ experiment: each, data, bits }) as never)).toBe(one)
      expect(identityOf(JSON.parse(JSON.stringify({ experiment: each, data, bits })))).toBe(one)
      expect(identityOf({ experiment: { ...each, more: undefined } as never, data, bits })).toBe(one)
    },
  )

  test.each([experiment, experimentOf({ model: ownModel as never, sparsity: 0.5 })])(
    'is another one for every change of the experiment, the data and the versions (%#)',
    ({ threads: _, rankingDistance: _measured, ...each }) => {
      const facts = { experiment: each, data, bits }
      const changed = changesOf(facts).slice(0, -1)
      const identities = [facts, ...changed].map((one) => identityOf(one as never))
      expect(changed.length).toBeGreaterThan(30)
      expect(new Set(identities).size).toBe(identities.length)
    },
  )

  test('does not depend on the threads that were asked for, but on those that decide bits', () => {
    expect(identityOf({ experiment: { ...experiment, threads: null }, data, bits })).toBe(identity)
    expect(identityOf({ experiment, data, bits: { ...bits, threads: '1' } })).not.toBe(identity)
  })

  test('does not depend on what is only measured', () => {
    const rankingDistance = { parameters: ['dense1/kernel'], every: { kind: 'epochs', count: 1 } } as const
    expect(identityOf({ experiment: { ...experiment, rankingDistance }, data, bits })).toBe(identity)
  })

  test('is not made of what JSON cannot say', () => {
    const broken = { ...experiment, batchSize: Number.NaN }
    expect(() => identityOf({ experiment: broken, data, bits })).toThrow(/JSON has no NaN/)
  })
})

test('a package that is not there, as beside a bundle, is named with what to do', () => {
  expect(installedVersion('@laperm/core')).toMatch(/^\d+\.\d+\.\d+/)
  expect(() => installedVersion('@laperm/not-there')).toThrow(
    /^@laperm\/not-there is not installed .*Leave @laperm\/runs external when you bundle/,
  )
})
