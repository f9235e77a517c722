/**
 * Damaged HDF5 files, read as programs read them: in a thread that is ended when libhdf5 does not come back, and replaced when it has crashed. Each must be refused in
 * words or be well-formed, and the next file must be read.
 */
import { readFileSync } from 'node:fs'
import { makeRandom } from '@laperm/core'
import { either as E } from 'fp-ts'
import { afterAll, describe, expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageBytes } from '../../../test/mutations.ts'
import { bytesSource, type CorruptFile, readTensors } from '../src/index.ts'
import { makeH5Host } from '../src/node.ts'
import { fixture } from './weight-fixtures.ts'

const rounds = fuzzRounds(40)
/** Longer than it takes to read 100 kB on a busy machine. */
const patienceMs = 2000
const mostBytes = 2 ** 30

const host = makeH5Host({ patienceMs: () => patienceMs })
afterAll(() => host.close())

/** The refusal of a file or of its first tensor that is refused; null where all is well-formed. @throws Error where it is neither. */
const readAll = async (file: string, bytes: Uint8Array): Promise<CorruptFile | null> => {
  const opened = await readTensors(bytesSource(file, bytes), { openH5: host.openH5 })()
  if (E.isLeft(opened)) return opened.left
  const { tensors, close } = opened.right
  try {
    if (new Set(tensors.map(({ name }) => name)).size !== tensors.length)
      throw new Error('a name occurs twice')
    for (const { name, shape, read } of tensors) {
      const values = await read()
      if (E.isLeft(values)) return values.left
      if (values.right.length !== shape.reduce((product, axis) => product * axis, 1))
        throw new Error(`'${name}' [${shape.join(', ')}] has ${values.right.length} values`)
    }
    return null
  } finally {
    close()
  }
}

describe('damaged HDF5 files are refused in words, or well-formed', () => {
  test.each([
    ['keras2-weights.h5', 0, 6000],
    ['keras2-whole.h5', 0, 9000],
    ['keras3.weights.h5', 0, 9000],
    ['keras3.keras', 14_700, 24_000],
  ] as const)(
    '%s',
    { timeout: fuzzTimeoutMs(rounds) + (rounds * patienceMs) / 10 },
    async (file, from, to) => {
      const bytes = readFileSync(fixture(file))
      const before = process.memoryUsage().rss
      const counts = { refused: 0, 'well-formed': 0, 'ended after its time': 0, crashed: 0 }
      let most = 0
      for (let round = 0; round < rounds; round++) {
        const random = makeRandom(1, `fuzz/${file}`, round)
        const damaged =
          random.nextInt(3) === 0
            ? damageBytes(bytes, random)
            : Buffer.concat([
                bytes.subarray(0, from),
                damageBytes(bytes.subarray(from, to), random),
                bytes.subarray(to),
              ])
        const refusal = await readAll(file, damaged).catch((error: unknown) => {
          throw new Error(`round ${round}: ${damaged.length} bytes`, { cause: error })
        })
        if (refusal === null) counts['well-formed']++
        else {
          const { expected, found } = refusal
          if (found.includes('had not read after')) counts['ended after its time']++
          else if (found.includes('libhdf5 stopped')) counts.crashed++
          else counts.refused++
          expect(expected.length + found.length).toBeLessThan(1100)
          expect(found).not.toBe('')
        }
        most = Math.max(most, process.memoryUsage().rss - before)
      }
      console.log(
        `${file}: ${rounds} mutations, ${Object.entries(counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(', ')}; at most ${(most / 1e6).toFixed(0)} MB more`,
      )
      expect(most).toBeLessThan(mostBytes)
      expect(counts.refused).toBeGreaterThan(rounds / 10)
      expect(await readAll(file, bytes)).toBeNull()
    },
  )
})
