import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { type JsonValue, parseStrictJson } from '../src/index.ts'

const rounds = fuzzRounds(5000)

/** Maps as the records that `JSON.parse` makes. */
const plain = (value: JsonValue): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
      const spaced = JSON.stringify(JSON.parse(text), null, space)
      const read = parseStrictJson(spaced, 20)
      if (E.isLeft(read)) throw new Error(JSON.stringify(read.left))
      expect(plain(read.right)).toEqual(JSON.parse(spaced))
    }),
  )
})

test('refuses what JSON.parse refuses, and of the rest only repeated keys and deep nesting', {
  timeout: fuzzTimeoutMs(rounds),
}, () => {
  let refused = 0
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b',
    '"',
    '\\',
    '1',
    '-',
    '.',
    'e',
    'true',
    'nul',
    ' ',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('')
      const read = parseStrictJson(text, 8)
      const expected = parse(text)
      if (E.isRight(read)) expect(plain(read.right)).toEqual(expected)
      else {
        refused++
        if (expected !== undefined) expect(read.left.expected).toMatch(/^each key once/)
      }
    }),
    { numRuns: rounds },
  )
  console.log(`strict JSON: ${rounds} texts, ${refused} refused, ${rounds - refused} read`)
})

test('keeps __proto__ as a key, and says where a key comes again', () => {
  const read = parseStrictJson('{"__proto__":1}', 1)
  expect(E.isRight(read) && read.right).toEqual(new Map([['__proto__', 1]]))
  expect(parseStrictJson('{"a":1, "a":1}', 1)).toEqual(
    E.left({ expected: 'each key once, but "a" comes again', at: 8 }),
  )
})

test('nests as deep as it may and no deeper', () => {
  expect(E.isRight(parseStrictJson('[[[]]]', 3))).toBe(true)
  expect(parseStrictJson('[[[]]]', 2)).toEqual(E.left({ expected: 'at most 2 levels of JSON', at: 2 }))
})
