import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../src/index.ts'
import { fileOf } from './safetensors-file.ts'

const tensor = (name: string) =>
  fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) =>
    fc
      .float32Array({
        minLength: shape.reduce((a, b) => a * b, 1),
        maxLength: shape.reduce((a, b) => a * b, 1),
      })
      .map((values): Tensor => ({ name, shape, values })),
  )

/** Names that a record with a prototype, or one that sorts its keys, would get wrong. */
const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', '1', '0', ''),
  fc.string({ unit: 'binary' }),
)

const tensors = fc
  .uniqueArray(
    name.filter((text) => text !== '__metadata__'),
    { maxLength: 5 },
  )
  .chain((names) => fc.tuple(...names.map(tensor)))

/** With a prototype or without, as a caller has it; `__proto__` is then a key of its own. */
const metadata = fc
  .uniqueArray(fc.tuple(name, fc.string({ unit: 'binary' })), { selector: ([key]) => key, maxLength: 4 })
  .map((entries) => entries.filter(([key]) => key !== 'laperm.sha256' && key !== 'format'))

const bits = (values: Float32Array): readonly number[] => [...new Uint32Array(values.slice().buffer)]

describe('safetensors', () => {
  test.each([[[]], [[['format', 'laperm-test/1'] as const]]])(
    'reading gives back every name and bit that was written, with metadata %j and others',
    (own) => {
      fc.assert(
        fc.property(tensors, metadata, (written, entries) => {
          const facts = Object.fromEntries([...own, ...entries])
          const read = decodeSafetensors('x', encodeSafetensors(written, facts))
          if (E.isLeft(read)) throw new Error(JSON.stringify(read.left))
          expect(new Map(Object.entries(read.right.metadata))).toEqual(
            new Map<string, string>([...own, ...entries]),
          )
          // Empty tensors start where the next one does, so only the others have an order.
          const byName = (list: readonly Tensor[]) =>
            new Map(list.map((t) => [t.name, [t.shape, bits(t.values)]]))
          expect(byName(read.right.tensors)).toEqual(byName(written))
          // What was read can be written again.
          const again = decodeSafetensors('x', encodeSafetensors(read.right.tensors, read.right.metadata))
          expect(again).toEqual(read)
        }),
      )
    },
  )

  const file = encodeSafetensors(
    [
      { name: 'a', shape: [2, 3], values: Float32Array.from([1, -0, 3, 4, 5, 6]) },
      { name: 'b', shape: [2], values: Float32Array.from([7, 8]) },
    ],
    { format: 'laperm-test/1' },
  )

  test('any changed bit is noticed', () => {
    for (let byte = 0; byte < file.length; byte++)
      for (let bit = 0; bit < 8; bit++) {
        const damaged = file.slice()
        damaged[byte] ^= 1 << bit
        expect(E.isLeft(decodeSafetensors('x', damaged)), `bit ${bit} of byte ${byte}`).toBe(true)
      }
  })

  test('any missing or added byte is noticed', () => {
    for (let length = 0; length < file.length; length++)
      expect(E.isLeft(decodeSafetensors('x', file.slice(0, length)))).toBe(true)
    expect(E.isLeft(decodeSafetensors('x', Buffer.concat([file, Buffer.alloc(1)])))).toBe(true)
  })

  test('arbitrary bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(E.isLeft(decodeSafetensors('x', bytes))).toBe(true)
      }),
    )
  })
})

/** One change of a file's bytes: other bytes, a piece gone, a piece doubled, a piece of JSON put in. */
const mutation = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 90 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    text: fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '0',
      '-',
      'e9',
      '\\',
      '\\u0000',
      'null',
      '\0',
      '🙂',
      '"a":1,',
    ),
  }),
)

type Mutation = typeof mutation extends fc.Arbitrary<infer A> ? A : never

const mutate = (bytes: Uint8Array, change: Mutation): Uint8Array => {
  const at = change.at % (bytes.length + 1)
  switch (change.kind) {
    case 'set':
      return Uint8Array.from(bytes, (byte, i) => (i >= at ? (change.bytes[i - at] ?? byte) : byte))
    case 'cut':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + change.length)])
    case 'double':
      return Buffer.concat([bytes.subarray(0, at + change.length), bytes.subarray(at)])
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(change.text), bytes.subarray(at)])
    default:
      return change satisfies never
  }
}

/** The header's length made to fit again, so that a change of the header reaches the JSON. */
const refit = (bytes: Uint8Array, added: number): Uint8Array => {
  const copy = Buffer.from(bytes)
  if (copy.length >= 8) copy.writeBigUInt64LE(BigInt.asUintN(64, copy.readBigUInt64LE() + BigInt(added)))
  return copy
}

describe('of thousands of changed files', () => {
  const count = fuzzRounds(10_000)
  const tensorsOfTest = [
    { name: 'a', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
    { name: 'e', shape: [0, 7], values: new Float32Array(0) },
    { name: '__proto__', shape: [], values: Float32Array.of(5) },
  ]
  const casesOf = (maxLength: number) =>
    fc.tuple(fc.array(mutation, { minLength: 1, maxLength }), fc.boolean())
  const changed = (
    bytes: Uint8Array,
    [changes, fits]: readonly [readonly Mutation[], boolean],
  ): Uint8Array => {
    const result = changes.reduce(mutate, bytes)
    return fits ? refit(result, result.length - bytes.length) : result
  }

  // One change each: two can turn a file into a foreign one, by taking away `format` and the checksum's key.
  test('none of LaPerm’s is taken for whole', { timeout: fuzzTimeoutMs(count) }, () => {
    const ours = encodeSafetensors(tensorsOfTest, { format: 'laperm-test/1', note: 'x' })
    let refused = 0
    fc.assert(
      fc.property(casesOf(1), (change) => {
        const bytes = changed(ours, change)
        const isSame = Buffer.compare(bytes, ours) === 0
        expect(E.isRight(decodeSafetensors('x', bytes))).toBe(isSame)
        if (!isSame) refused++
      }),
      { numRuns: count },
    )
    console.log(`safetensors of LaPerm: ${count} mutations, ${refused} refused, ${count - refused} unchanged`)
    expect(refused).toBeGreaterThan(count * 0.9)
  })

  test('each foreign one is refused in words, or holds just its own bytes under names of their own', {
    timeout: fuzzTimeoutMs(count),
  }, () => {
    const foreign = fileOf(
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}',
      20,
    )
    const kinds = { read: 0, refused: 0 }
    fc.assert(
      fc.property(casesOf(3), (change) => {
        const bytes = changed(foreign, change)
        const read = decodeSafetensors('x', bytes)
        if (E.isLeft(read)) {
          kinds.refused++
          expect(read.left.found.length + read.left.expected.length).toBeLessThan(1000)
          return
        }
        kinds.read++
        const { tensors: found } = read.right
        expect(new Set(found.map((t) => t.name)).size).toBe(found.length)
        const dataBytes = found.reduce((sum, { values }) => sum + values.byteLength, 0)
        expect(dataBytes).toBe(bytes.length - 8 - Number(Buffer.from(bytes).readBigUInt64LE()))
      }),
      { numRuns: count },
    )
    console.log(
      `safetensors of others: ${count} mutations, ${kinds.refused} refused, ${kinds.read} well-formed`,
    )
    expect(kinds.read + kinds.refused).toBe(count)
    expect(kinds.read).toBeGreaterThan(100)
    expect(kinds.refused).toBeGreaterThan(1000)
  })
})
