import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as E from '../src/either.ts'
import {
  amount,
  type FieldRules,
  finite,
  listRule,
  oneOf,
  optional,
  orNull,
  readFields,
  recordRule,
  text,
  truth,
} from '../src/settings/index.ts'

interface Saved {
  readonly name: string
  readonly count: number
  readonly isDone: boolean
  readonly kind: 'a' | 'b'
  readonly best: { readonly accuracy: number } | null
  readonly steps?: readonly number[]
}

const rules: FieldRules<Saved> = {
  name: text,
  count: amount,
  isDone: truth,
  kind: oneOf(['a', 'b']),
  best: orNull(recordRule('an evaluation', { accuracy: finite })),
  steps: optional(listRule('steps', amount)),
}
const whole = { kind: 'b', name: '', count: 0, isDone: false, best: { accuracy: 0.5 }, steps: [1, 2] }

describe('a saved record', () => {
  test('is read with every field, in its own order, without what nobody asked for', () => {
    const read = readFields(JSON.parse(JSON.stringify({ ...whole, else: 1 })), rules)
    expect(JSON.stringify(read)).toBe(JSON.stringify(E.right(whole)))
  })

  test('may lack what is optional, and have null where null is allowed', () => {
    const { steps: _, ...least } = { ...whole, best: null }
    expect(readFields(least, rules)).toEqual(E.right(least))
  })

  test.each([
    ['name', 5],
    ['name', undefined],
    ['count', -1],
    ['count', 1.5],
    ['count', 2 ** 53],
    ['isDone', 0],
    ['kind', 'c'],
    ['kind', 'toString'],
    ['best', []],
    ['best', {}],
    ['best', { accuracy: Number.POSITIVE_INFINITY }],
    ['best', undefined],
    ['steps', [1, '2']],
    ['steps', { length: 0 }],
    ['steps', null],
  ])('with %s = %j is refused by that field, its value and its rule', (field, value) => {
    expect(readFields({ ...whole, [field]: value }, rules)).toMatchObject({
      left: { field, value, says: expect.any(String) },
    })
  })

  test('of any JSON is refused or has the type that its rules say', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(rules)), fc.jsonValue()), (record) => {
        const read = readFields(record, rules)
        if (read._tag === 'Right') {
          expect(typeof read.right.name).toBe('string')
          expect(read.right.count).toBeGreaterThanOrEqual(0)
          expect(read.right.best === null || Number.isFinite(read.right.best.accuracy)).toBe(true)
        }
      }),
    )
  })
})
