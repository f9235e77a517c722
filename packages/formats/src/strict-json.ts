/**
 * JSON from files that nobody vouches for.
 *
 * Unlike `JSON.parse`: a key that occurs twice in an object is refused instead of the last one winning, objects are maps, so that no
 * key meets a prototype, and nesting has a limit, so that no text exhausts the stack.
 */
import { either as E } from 'fp-ts'

/** A JSON value whose objects are maps in the order of the text. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>

/** Where a text stops being what it must be. */
export interface JsonProblem {
  readonly expected: string
  /** Character of the text, counted from 0. */
  readonly at: number
}

class Refusal extends Error {
  readonly problem: JsonProblem
  constructor(expected: string, at: number) {
    super(expected)
    this.problem = { expected, at }
  }
}

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\n' || character === '\r'

/** Characters of which numbers, `true`, `false` and `null` consist; `JSON.parse` says whether they make one. */
const isWordCharacter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x2b ||
  code === 0x2d ||
  code === 0x2e ||
  code === 0x45

/** A string as it mostly is: its characters are those between its quotes. Escapes and control characters are left to `JSON.parse`. */
const plainString = /"[^"\\\p{Cc}]*"/uy

const scan = (text: string, deepest: number): JsonValue => {
  let at = 0
  const skipSpace = (): void => {
    while (isSpace(text[at])) at++
  }
  /** The text from `start` to here, which `JSON.parse` must take. */
  const parseSlice = (start: number, expected: string): unknown => {
    try {
      return JSON.parse(text.slice(start, at))
    } catch {
      throw new Refusal(expected, start)
    }
  }
  const string = (): string => {
    plainString.lastIndex = at
    if (plainString.test(text)) {
      const start = at + 1
      at = plainString.lastIndex
      return text.slice(start, at - 1)
    }
    const start = at++
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    at++
    return parseSlice(start, 'a JSON string') as string
  }
  const word = (): JsonValue => {
    const start = at
    while (at < text.length && isWordCharacter(text.charCodeAt(at))) at++
    return parseSlice(start, 'a JSON value') as JsonValue
  }
  /** `item` between separators up to `end`; the opening bracket is the present character. */
  const sequence = (end: string, item: () => void): void => {
    at++
    skipSpace()
    if (text[at] === end) {
      at++
      return
    }
    for (;;) {
      item()
      skipSpace()
      if (text[at] !== end && text[at] !== ',') throw new Refusal(`',' or '${end}'`, at)
      if (text[at++] === end) return
      skipSpace()
    }
  }
  const value = (depth: number): JsonValue => {
    skipSpace()
    const first = text[at]
    if (first === '"') return string()
    if (first !== '{' && first !== '[') return word()
    if (depth === deepest) throw new Refusal(`at most ${deepest} levels of JSON`, at)
    if (first === '[') {
      const items: JsonValue[] = []
      sequence(']', () => items.push(value(depth + 1)))
      return items
    }
    const entries = new Map<string, JsonValue>()
    sequence('}', () => {
      if (text[at] !== '"') throw new Refusal('a key in quotes', at)
      const start = at
      const key = string()
      if (entries.has(key)) throw new Refusal(`each key once, but ${JSON.stringify(key)} comes again`, start)
      skipSpace()
      if (text[at] !== ':') throw new Refusal("':'", at)
      at++
      entries.set(key, value(depth + 1))
    })
    return entries
  }
  const whole = value(0)
  skipSpace()
  if (at < text.length) throw new Refusal('nothing after the JSON value', at)
  return whole
}

/**
 * Read a JSON text. Cost: linear in the text; memory in proportion to it.
 *
 * @param deepest levels of arrays and objects in each other, at most.
 */
export const parseStrictJson = (text: string, deepest: number): E.Either<JsonProblem, JsonValue> => {
  try {
    return E.right(scan(text, deepest))
  } catch (error) {
    if (error instanceof Refusal) return E.left(error.problem)
    throw error
  }
}
