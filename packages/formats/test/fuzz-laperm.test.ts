/**
 * Damaged `.laperm` files, of our networks and of other programs' weights, in both versions. Half of them get a seal that fits, so that what is behind it is damaged
 * too: each must be refused in words, or give the weights that were packed.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { makeRandom, type Params, shuffleWeightVectors } from '@laperm/core'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageBytes } from '../../../test/mutations.ts'
import {
  type CorruptFile,
  packLaperm,
  packWeights,
  type Sha256,
  type Tensor,
  unpackLaperm,
  unpackWeights,
} from '../src/index.ts'

const rounds = fuzzRounds(300)
const mostBytes = 64 * 2 ** 20

const sha256: Sha256 = (pieces) =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex')

/** The seal that a version would have, over whatever its bytes are. */
const sealedAgain = (bytes: Uint8Array): Uint8Array => {
  const length = bytes[7] === 1 ? 32 : 4
  if (bytes.length < length) return bytes
  const sealed = Buffer.from(bytes)
  const digits = sha256([sealed.subarray(0, -length)])
  sealed.write(digits.slice(0, 2 * length), sealed.length - length, 'hex')
  return sealed
}

const initial: Params = [
  {
    name: 'dense/kernel',
    role: 'kernel',
    shape: [40, 6],
    values: Float32Array.from({ length: 240 }, (_, i) => (i * 7919) % 211),
  },
  { name: 'dense/bias', role: 'bias', shape: [6], values: new Float32Array(6) },
]
const trained: Params = shuffleWeightVectors(initial, ['kernel'], 3).map((parameter) =>
  parameter.role === 'bias' ? { ...parameter, values: Float32Array.of(1, 2, 3, 4, 5, 6) } : parameter,
)
const own = packLaperm(initial, trained, { initial: { seed: 1 }, permutedRoles: ['kernel'], sha256 })
if (E.isLeft(own)) throw new Error('the network could not be packed')

const foreign: readonly Tensor[] = [
  { name: 'fc.weight', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: 'fc.bias', shape: [2], values: Float32Array.of(0, 0) },
]
const after = [
  { ...foreign[0], values: Float32Array.of(3, 1, 2, 6, 5, 4) },
  { ...foreign[1], values: Float32Array.of(0.5, -1) },
]
const other = packWeights(
  foreign.map((tensor, i) => ({ ...tensor, neuronAxes: i === 0 ? [0] : [] })),
  after,
  { sha256 },
)
if (E.isLeft(other)) throw new Error('the weights could not be packed')
const old = readFileSync(new URL('../../../test/fixtures/laperm/foreign-version-1.laperm', import.meta.url))

const files: readonly {
  readonly name: string
  readonly bytes: Uint8Array
  readonly read: (bytes: Uint8Array) => E.Either<CorruptFile, readonly Tensor[]>
}[] = [
  {
    name: 'own.laperm',
    bytes: own.right,
    read: (bytes) => unpackLaperm('own.laperm', bytes, initial, { sha256 }),
  },
  {
    name: 'foreign.laperm',
    bytes: other.right,
    read: (bytes) => unpackWeights('foreign.laperm', bytes, foreign, { sha256 }),
  },
  {
    name: 'version-1.laperm',
    bytes: old,
    read: (bytes) => unpackWeights('version-1.laperm', bytes, foreign, { sha256 }),
  },
]

const contentOf = (tensors: readonly Tensor[]): string =>
  JSON.stringify(tensors.map(({ name, values }) => [name, [...new Uint32Array(values.slice().buffer)]]))

describe('damaged .laperm files are refused in words, or give what was packed', () => {
  test.each(files)('$name', { timeout: fuzzTimeoutMs(rounds) }, ({ name, bytes, read }) => {
    const whole = read(bytes)
    if (E.isLeft(whole)) throw new Error(JSON.stringify(whole.left))
    const content = contentOf(whole.right)
    let [refused, most] = [0, 0]
    for (let round = 0; round < rounds; round++) {
      const damaged = damageBytes(bytes, makeRandom(1, `fuzz/${name}`, round))
      const before = process.memoryUsage().arrayBuffers
      const got = read(round % 2 === 0 ? damaged : sealedAgain(damaged))
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      if (E.isRight(got)) expect(contentOf(got.right), `round ${round}`).toBe(content)
      else {
        refused++
        const { expected, found } = got.left
        expect(expected.length * found.length, `round ${round}`).toBeGreaterThan(0)
        expect(expected.length + found.length, `round ${round}`).toBeLessThan(1100)
      }
    }
    console.log(
      `${name}: ${rounds} mutations, ${refused} refused, ${rounds - refused} give what was packed; at most ${(most / 1e6).toFixed(1)} MB`,
    )
    expect(most).toBeLessThan(mostBytes)
    expect(refused).toBeGreaterThan(rounds / 2)
  })
})
