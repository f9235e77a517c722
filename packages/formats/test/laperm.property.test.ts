import { createHash } from 'node:crypto'
import {
  log10DistinctPermutationCount,
  type ParameterRole,
  type Params,
  shuffleWeightVectors,
} from '@laperm/core'
import * as fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { packLaperm, readLapermHeader, unpackLaperm } from '../src/index.ts'

const options = { initial: { seed: 1 }, permutedRoles: ['kernel'] as readonly ParameterRole[] }

const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const bits = (params: Params) =>
  params.map(({ values }) => [...new Uint32Array(values.buffer, 0, values.length)])

const sealedAgain = (file: Uint8Array): Uint8Array => {
  const body = file.subarray(0, file.length - 4)
  return Buffer.concat([body, createHash('sha256').update(body).digest().subarray(0, 4)])
}

/** Vectors with ties, both zeros, subnormals, one value, infinities: whatever initial weights may be. */
const weight = fc.oneof(
  fc.float({ noNaN: true }),
  fc.constantFrom(0, -0, 0.5, -0.5, 1e-45, Infinity, -Infinity),
  fc.constant(0.08),
)
const network = fc
  .array(
    fc.record({
      length: fc.constantFrom(0, 1, 2, 3, 4, 7, 8, 9, 33),
      count: fc.constantFrom(1, 2, 5),
      isOneValue: fc.boolean(),
    }),
    { maxLength: 3 },
  )
  .chain((sizes) =>
    fc.tuple(
      ...sizes.map(({ length, count, isOneValue }, i) =>
        fc
          .array(isOneValue ? fc.constantFrom(0.08, 0) : weight, {
            minLength: length * count,
            maxLength: length * count,
          })
          .map((values) => ({
            name: `dense${i}/kernel`,
            shape: [length, count],
            role: 'kernel' as const,
            // A synchronization writes every zero as +0.
            values: Float32Array.from(values, (value) => value + 0),
          })),
      ),
    ),
  )

describe('a packed network', () => {
  it('comes back bit for bit, whatever its initial weights and their order', () => {
    fc.assert(
      fc.property(network, fc.nat(), (initial, seed) => {
        const params = shuffleWeightVectors(initial, ['kernel'], seed)
        const file = right(packLaperm(initial, params, options))
        expect(bits(right(unpackLaperm('net.laperm', file, initial)))).toEqual(bits(params))
        expect(right(readLapermHeader('net.laperm', file)).header.initial).toEqual({ seed: 1 })
      }),
    )
  })

  it('takes the logarithm of the number of arrangements, and at most two bytes more a parameter', () => {
    fc.assert(
      fc.property(network, fc.nat(), (initial, seed) => {
        const file = right(packLaperm(initial, shuffleWeightVectors(initial, ['kernel'], seed), options))
        const { parameters } = right(readLapermHeader('net.laperm', file)).header
        for (const [i, { bytes }] of parameters.entries()) {
          const bound = log10DistinctPermutationCount([initial[i]]) / Math.log10(256)
          expect(bytes).toBeLessThanOrEqual(bound + 2)
        }
      }),
    )
  })

  it('is refused when a byte is another, and unchanged when it is sealed again', () => {
    const initial = [
      {
        name: 'dense/kernel',
        shape: [40, 6],
        role: 'kernel' as const,
        values: Float32Array.from({ length: 240 }, (_, i) => (i * 7919) % 240),
      },
      { name: 'dense/bias', shape: [6], role: 'bias' as const, values: new Float32Array(6) },
    ]
    const params = shuffleWeightVectors(initial, ['kernel'], 3).map((parameter) =>
      parameter.role === 'bias' ? { ...parameter, values: Float32Array.of(1, 2, 3, 4, 5, 6) } : parameter,
    )
    const file = right(packLaperm(initial, params, options))
    fc.assert(
      fc.property(
        fc.nat(file.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(file.length),
        (at, change, cut) => {
          const mutated = file.slice()
          mutated[at] ^= change
          expect(unpackLaperm('net.laperm', mutated, initial)).toMatchObject({
            left: { _tag: 'CorruptFile' },
          })
          expect(E.isLeft(unpackLaperm('net.laperm', file.subarray(0, cut), initial))).toBe(cut < file.length)
          // Somebody who changes a byte can also write a new seal: no other weights come of it.
          const forged = unpackLaperm('net.laperm', sealedAgain(mutated), initial)
          if (E.isRight(forged)) expect(bits(forged.right)).toEqual(bits(params))
          else expect(forged.left._tag).toBe('CorruptFile')
        },
      ),
      { numRuns: 2000 },
    )
  })
})
