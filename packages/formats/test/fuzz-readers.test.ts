/**
 * Damaged files of every format of weights: each must be refused in words, or be well-formed all the same; nothing may be thrown, hang, or allocate more than the
 * file's size justifies. Short here; `npm run test:fuzz` draws many more.
 */
import { readFileSync } from 'node:fs'
import { makeRandom, type Random } from '@laperm/core'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageBytes, damageJson } from '../../../test/mutations.ts'
import { bytesSource, type CorruptFile, readTensors } from '../src/index.ts'
import { arrayNpy, everyTypeSafetensors } from './every-type.ts'
import { fixture } from './weight-fixtures.ts'

const rounds = fuzzRounds(150)
/** A file of 100 kB that is deflated may hold 1032 times as much; libhdf5 and the zip library have memory of their own. */
const mostBytes = 160 * 2 ** 20

/** Files that no program has to write: one of each type of numbers. */
const written = new Map<string, Uint8Array>([
  ['every-type.safetensors', everyTypeSafetensors()],
  ['array.npy', arrayNpy()],
])

const bytesOf = (name: string): Uint8Array => written.get(name) ?? readFileSync(fixture(name))

const beside = new Map(
  ['external.bin', 'group1-shard1of2.bin', 'group1-shard2of2.bin'].map((name) => [name, bytesOf(name)]),
)

/** Half of the damage anywhere, half where a format has its structure. */
const damageWithin =
  (from: number, to: number) =>
  (bytes: Uint8Array, random: Random): Uint8Array =>
    random.nextInt(2) === 0
      ? damageBytes(bytes, random)
      : Buffer.concat([
          bytes.subarray(0, from),
          damageBytes(bytes.subarray(from, to), random),
          bytes.subarray(to),
        ])

const damageEnd = (bytes: Uint8Array, random: Random): Uint8Array =>
  damageWithin(Math.max(0, bytes.length - 2000), bytes.length)(bytes, random)

interface Format {
  readonly file: string
  readonly damage: (bytes: Uint8Array, random: Random) => Uint8Array
}

const formats: readonly Format[] = [
  { file: 'numpy.npz', damage: damageEnd },
  { file: 'numpy-compressed.npz', damage: damageEnd },
  { file: 'tiny.onnx', damage: damageWithin(0, 1500) },
  { file: 'external.onnx', damage: damageBytes },
  { file: 'model.json', damage: damageJson },
  { file: 'pytorch.safetensors', damage: damageWithin(0, 1900) },
  { file: 'every-type.safetensors', damage: damageBytes },
  { file: 'array.npy', damage: damageBytes },
]

/** A refusal in words, and not too many. */
const requireWords = ({ expected, found }: CorruptFile): void => {
  if (expected === '' || expected.length + found.length > 1100)
    throw new Error(`no words: ${expected}, ${found}`)
}

type Outcome = 'refused' | 'refused in a tensor' | 'well-formed'

const readAll = async (file: string, bytes: Uint8Array): Promise<Outcome> => {
  const opened = await readTensors(bytesSource(file, bytes, beside))()
  if (E.isLeft(opened)) {
    requireWords(opened.left)
    return 'refused'
  }
  const { tensors, close } = opened.right
  let outcome: Outcome = 'well-formed'
  try {
    if (new Set(tensors.map(({ name }) => name)).size !== tensors.length)
      throw new Error('a name occurs twice')
    for (const { name, shape, neuronAxes, read } of tensors) {
      const values = await read()
      if (E.isLeft(values)) {
        requireWords(values.left)
        outcome = 'refused in a tensor'
      } else if (values.right.length !== shape.reduce((product, axis) => product * axis, 1))
        throw new Error(`'${name}' [${shape.join(', ')}] has ${values.right.length} values`)
      if (neuronAxes.some((axis) => !(axis >= 0 && axis < shape.length))) throw new Error(`axes of '${name}'`)
    }
  } finally {
    close()
  }
  return outcome
}

describe('damaged files of weights are refused in words, or well-formed', () => {
  test.each(formats)('$file', { timeout: fuzzTimeoutMs(rounds) }, async ({ file, damage }) => {
    const bytes = bytesOf(file)
    expect(await readAll(file, bytes)).toBe('well-formed')
    const counts: Record<Outcome, number> = { refused: 0, 'refused in a tensor': 0, 'well-formed': 0 }
    let most = 0
    for (let round = 0; round < rounds; round++) {
      const before = process.memoryUsage().arrayBuffers
      const damaged = damage(bytes, makeRandom(1, `fuzz/${file}`, round))
      try {
        counts[await readAll(file, damaged)]++
      } catch (error) {
        throw new Error(`round ${round}: ${damaged.length} bytes`, { cause: error })
      }
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    console.log(
      `${file}: ${rounds} mutations, ${counts.refused} refused, ${counts['refused in a tensor']} refused in a tensor, ${counts['well-formed']} well-formed; at most ${(most / 1e6).toFixed(1)} MB`,
    )
    expect(most).toBeLessThan(mostBytes)
    expect(counts.refused + counts['refused in a tensor']).toBeGreaterThan(rounds / 10)
  })
})
